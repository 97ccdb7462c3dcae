"""What the README says about speed: each benchmark prints its figure beside something measured in the same run."""
