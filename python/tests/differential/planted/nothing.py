"""No fault: plain Python by way of the same loader."""
from differential import planted

if __name__ == "__main__":
    planted.run()
