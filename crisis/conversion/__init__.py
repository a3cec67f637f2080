"""Business conversion (사업전환): centres, diagnosis, plan, approval, manager, milestones, completion."""
