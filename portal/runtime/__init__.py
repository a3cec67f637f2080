"""Start-up and supervision: the portal's own PostgreSQL and Valkey, its web server, worker and clock.

Two ideas carry the whole package.

*Servers belong to whoever uses them.* Each embedded server is run by a small *keeper* process. Everyone who needs the
server holds a shared file lock; when the last one lets go (or dies: the kernel drops the lock) the keeper stops the
server and ends. So `./start`, two `manage.py` commands and a test run can share one server, come and go in any order,
and none leaves anything behind.

*Portal processes belong to the supervisor.* `./start` keeps web, worker and beat alive and stops them in reverse
order. If it is killed outright, the kernel tells them (PR_SET_PDEATHSIG) and a guard sweeps up what is left.

Reading order: `messages`, `paths`, `account`, `binaries`, `processes`, `server` (`postgres`, `valkey`), `keeper`,
`join`, `supervisor`. Nothing here imports Django; `launch` even skips the portal package's own imports, so that
`install` can run before anything is installed.
"""
