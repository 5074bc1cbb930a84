"""What several kinds of test use: a chat without a service, invented people and vacancies."""
