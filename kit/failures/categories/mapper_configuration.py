"""Mapper configuration: a mapping that SQLAlchemy cannot complete, other than by a name that is taken."""

from kit.failures.rule import Rule, message

RULE = Rule(
    rank=130,
    key="mapper-configuration",
    title="Mapper configuration",
    meaning="A mapped class, relationship or table is defined so that SQLAlchemy cannot configure it; from the first "
    "such "
    "error on, every use of any mapper fails.",
    advice="Go to the class and attribute that the message names; import all models in one place before first use.",
    documentation="https://docs.sqlalchemy.org/en/20/orm/relationships.html",
    example="When initializing mapper Mapper[Post(posts)], expression 'Usr' failed to locate a name ('Usr').",
    matches=message(
        r"^When initializing mapper ",
        r"^Foreign key associated with column '[^']+' could not find table",
        r"^Could not initialize target column for ForeignKey",
        r"^Could not determine join condition between",
        r"^Could not locate any (?:relevant foreign key|simple equality)",
        r"^Class <class '[^']+'> does not have a (?:mapped column named|__table__)",
        r"^Attribute name '\w+' is reserved when using the Declarative API|is reserved for the MetaData instance",
        r"already has a primary mapper defined",
        r"could not assemble any primary key columns",
        r"^Mapper '(?:Mapper\[|mapped class )[^']*' has no property",
        r"^back_populates on relationship |^reverse_property '|^Error creating backref '",
        r"are both of the same direction",
        r"^relationship '[^']+' expects a class or a mapper argument",
        r"must be declared as @declared_attr callables",
        r"delete-orphan cascade is normally configured only on",
        r"^When configuring property '|^Trying to redefine primary-key column",
        r"^Column object '[^']+' already assigned to Table|^A column with name '[^']+' is already present in table",
        r"^Can't determine the inherit condition between",
        r"^Column '[^']+' on class .+ conflicts with existing column",
        r"^Can't place __table_args__ on|^Can't add additional column '|^__table_args__ value must be",
        r"^Can't create \w+ on table '[^']+': no column named",
        r"Can't generate DDL for NullType\(\)",
        r"^Can't emit (?:DROP|ADD) CONSTRAINT for constraint",
        r"can't be correctly interpreted for Annotated Declarative Table form",
        r"^Could not locate SQLAlchemy Core type when resolving for Python type|has no matching SQLAlchemy type",
        r"^Could not resolve all types within mapped annotation",
        r"^Python typing annotation is required for attribute",
        r"^Python dataclasses error encountered when creating dataclass for|^When transforming <class '",
        r"^Cannot use 'DeclarativeBase' directly",
        r"\bdefault and insert_default\b.*\bmutually exclusive\b|\binsert_default\b.*\bmutually exclusive\b",
        r"class does not specify SQLAlchemy native dataclass configuration",
        r"^type object '\w+' has no attribute '_sa_|object has no attribute '_sa_",
    ),
)
