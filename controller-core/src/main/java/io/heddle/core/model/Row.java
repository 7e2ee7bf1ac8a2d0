package io.heddle.core.model;

/// A fact that is stored and replicated: an immutable record that serialises with Jackson as it
/// stands.
public interface Row {

  Key<?> key();
}
