#!/usr/bin/env bash
# SQLAlchemy 2.1.9: removing one of two equal mapped dataclasses from a relationship deletes the row of the other.
#
# Guess: `post.tags.remove(tag)` takes that object out of the relationship, and its row is deleted as an orphan.
# Seen: a mapped dataclass compares by its fields, and the list removes the first object that is equal. With `compare=False` on the
# keys, so that tests can compare objects with and without a row, the second tag was handed over and the first one's row is gone.
# A class that is mapped without MappedAsDataclass does what was asked.
# Not found in the documentation: https://docs.sqlalchemy.org/en/21/orm/dataclasses.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check sqlalchemy==2.1.9
cat > posts.py <<'PY'
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, Session, mapped_column, relationship


class Base(MappedAsDataclass, DeclarativeBase):
    pass


class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True, init=False, compare=False)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), init=False, compare=False)
    word: Mapped[str]


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    tags: Mapped[list[Tag]] = relationship(cascade="all, delete-orphan")


class PlainBase(DeclarativeBase):
    pass


class PlainTag(PlainBase):
    __tablename__ = "plain_tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("plain_posts.id"))
    word: Mapped[str]


class PlainPost(PlainBase):
    __tablename__ = "plain_posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    tags: Mapped[list[PlainTag]] = relationship(cascade="all, delete-orphan")


for post_class, tag_class in (Post, Tag), (PlainPost, PlainTag):
    engine = create_engine("sqlite://")
    post_class.metadata.create_all(engine)
    with Session(engine) as session:
        post = post_class(tags=[tag_class(word="news"), tag_class(word="news")])
        session.add(post)
        session.commit()
        second = post.tags[1]
        print(post_class.__name__, "is asked to remove tag", second.id, end="; ")
        post.tags.remove(second)
        session.commit()
        print("rows left:", list(session.scalars(select(tag_class.id))))
PY
venv/bin/python posts.py | tee seen.txt
diff seen.txt - <<'SEEN'
Post is asked to remove tag 2; rows left: [2]
PlainPost is asked to remove tag 2; rows left: [1]
SEEN
