package io.heddle.ovsdb.rpc;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// What one column of one row holds (RFC 7047 §5.1): an atom, a set of atoms, or a map between
/// atoms.
///
/// An optional column is a set of at most one atom, which the protocol writes either as the atom or
/// as an empty set.
public sealed interface Value {

  /// A set without members; what an unset optional column holds.
  SetOf NOTHING = new SetOf(Set.of());

  /// A map without pairs.
  MapOf NO_PAIRS = new MapOf(Map.of());

  /// An atom: everything but sets and maps.
  sealed interface Atom extends Value {}

  record Text(String text) implements Atom {}

  record Whole(long number) implements Atom {}

  record Real(double number) implements Atom {}

  record Flag(boolean set) implements Atom {}

  /// A reference to a row by its UUID.
  record RowId(UUID id) implements Atom {}

  /// A reference to a row that an earlier or later insert of the same transaction names.
  record NewRow(String name) implements Atom {}

  record SetOf(Set<Atom> members) implements Value {}

  record MapOf(Map<Atom, Atom> pairs) implements Value {}

  static Text of(String text) {
    return new Text(text);
  }

  static Whole of(long number) {
    return new Whole(number);
  }

  static Flag of(boolean set) {
    return new Flag(set);
  }

  static RowId of(UUID id) {
    return new RowId(id);
  }

  /// A set in the order given, so that what we send reads the same every time.
  static SetOf setOf(List<? extends Atom> members) {
    return new SetOf(new LinkedHashSet<>(members));
  }

  static SetOf texts(Iterable<String> texts) {
    Set<Atom> members = new LinkedHashSet<>();
    texts.forEach(text -> members.add(new Text(text)));
    return new SetOf(members);
  }

  static MapOf mapOf(Map<String, String> pairs) {
    Map<Atom, Atom> atoms = new LinkedHashMap<>();
    pairs.forEach((key, value) -> atoms.put(new Text(key), new Text(value)));
    return new MapOf(atoms);
  }
}
