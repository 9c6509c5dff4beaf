"""between.py STATS LOW HIGH: whether the wall time in what --stats=json printed lies between two numbers of seconds."""
import json
import sys

wall = json.load(open(sys.argv[1]))["wall_seconds"]
if not float(sys.argv[2]) <= wall <= float(sys.argv[3]):
    sys.exit(f"{wall} s is not between {sys.argv[2]} s and {sys.argv[3]} s")
