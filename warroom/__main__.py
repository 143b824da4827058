"""`python -m warroom`."""

from warroom.cli import main

if __name__ == "__main__":
    main()
