"""The running service: whatever has a socket, a clock or a process."""
