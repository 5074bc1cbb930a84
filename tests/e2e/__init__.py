"""The real ``setara`` process, as people and operators meet it."""
