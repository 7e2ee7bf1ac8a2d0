package io.heddle.core.model;

/// The typed id of a row. Keys are small values with `equals`; their text is unique within the
/// kind.
public interface Key<R extends Row> {

  Kind<R> kind();
}
