"""Trainings: imported again and again, and found."""

from __future__ import annotations

import sqlalchemy as sa

from conversations.domain.vacancy import Training
from storage.models import training_fields, trainings
from storage.offers import Offers

_offers = Offers(
    Training,
    trainings,
    training_fields,
    # Who cannot register any more is not told; where no day is named, a training that began is under way.
    last_day=sa.func.coalesce(
        trainings.c.register_by, trainings.c.starts_on, trainings.c.ends_on, type_=trainings.c.starts_on.type
    ),
    derived=lambda training: {},
)

upsert = _offers.upsert
get = _offers.get
get_many = _offers.get_many
find = _offers.find
is_open = _offers.is_open
remove_examples = _offers.remove_examples
count = _offers.count
