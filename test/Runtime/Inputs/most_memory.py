"""most_memory.py MIB COMMAND...: runs the command and fails when it has used more than MIB of memory at any moment."""
import resource
import subprocess
import sys

status = subprocess.run(sys.argv[2:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024  # Linux counts in KiB
if used > int(sys.argv[1]):
    sys.exit(f"{used} MiB are more than {sys.argv[1]}")
sys.exit(status)
