"""Pages of the directory: the door and one's account, reference, the record of deeds, access, long work."""
