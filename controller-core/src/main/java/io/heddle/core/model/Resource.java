package io.heddle.core.model;

/// A row that clients create, name and label over the API.
public interface Resource extends Row {

  Meta meta();
}
