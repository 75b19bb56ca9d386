// Filled in by the room's own files.
