//! Platforms described by a recipe: declarative REST boards.
