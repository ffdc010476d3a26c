"""The mapper registry as a whole: classes that collide, and what configuring the mappers will say."""
