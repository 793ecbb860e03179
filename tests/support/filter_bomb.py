"""filter_bomb.py KIND: an expression that is short to write and long to compile, or long to write."""
import sys

BOMBS = {
    "hosts": " or ".join(f"host 10.0.{i // 250}.{i % 250}" for i in range(3000)),
    "ports": "port " + " or ".join(str(i) for i in range(1, 480)),
    "networks": "net " + " or ".join(f"{i // 100 + 1}.{i % 100}" for i in range(460)),
}
print(BOMBS[sys.argv[1]])
