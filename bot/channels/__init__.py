"""The ways people reach the service. Each module turns one platform into the contract of ``base``."""
