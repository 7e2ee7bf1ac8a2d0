package io.heddle.ovsdb.rpc;

import io.heddle.ovsdb.rpc.Value.Atom;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/// Columns of a row by name, or those of them that a message carries.
///
/// The server leaves out columns that hold their default, so a missing column reads as empty. The
/// accessors read a value of another type as empty too: a foreign schema makes a host look bare, it
/// breaks nothing.
public record Row(Map<String, Value> columns) {
  public static final Row EMPTY = new Row(Map.of());

  public Row {
    columns = Map.copyOf(columns);
  }

  public Value column(String name, Value otherwise) {
    return columns.getOrDefault(name, otherwise);
  }

  /// This row with one column set; rows we send are built so.
  public Row with(String name, Value value) {
    Map<String, Value> changed = new LinkedHashMap<>(columns);
    changed.put(name, value);
    return new Row(changed);
  }

  public String text(String name) {
    return optionalText(name).orElse("");
  }

  public Optional<String> optionalText(String name) {
    return atom(name) instanceof Value.Text(String text) ? Optional.of(text) : Optional.empty();
  }

  public OptionalLong number(String name) {
    return atom(name) instanceof Value.Whole(long number)
        ? OptionalLong.of(number)
        : OptionalLong.empty();
  }

  public boolean flag(String name) {
    return atom(name) instanceof Value.Flag(boolean set) && set;
  }

  public Set<UUID> references(String name) {
    Set<UUID> ids = new LinkedHashSet<>();
    for (Atom member : members(name)) {
      if (member instanceof Value.RowId(UUID id)) {
        ids.add(id);
      }
    }
    return ids;
  }

  public Set<String> texts(String name) {
    Set<String> texts = new LinkedHashSet<>();
    for (Atom member : members(name)) {
      if (member instanceof Value.Text(String text)) {
        texts.add(text);
      }
    }
    return texts;
  }

  public Map<String, String> pairs(String name) {
    if (!(columns.get(name) instanceof Value.MapOf(Map<Atom, Atom> pairs))) {
      return Map.of();
    }
    Map<String, String> texts = LinkedHashMap.newLinkedHashMap(pairs.size());
    pairs.forEach((key, value) -> {
      if (key instanceof Value.Text(String k) && value instanceof Value.Text(String v)) {
        texts.put(k, v);
      }
    });
    return texts;
  }

  private Set<Atom> members(String name) {
    return switch (columns.getOrDefault(name, Value.NOTHING)) {
      case Value.SetOf(Set<Atom> members) -> members;
      case Atom single -> Set.of(single);
      case Value.MapOf ignored -> Set.of();
    };
  }

  private Value atom(String name) {
    Value value = columns.getOrDefault(name, Value.NOTHING);
    return value instanceof Value.SetOf(Set<Atom> members) && members.size() == 1
        ? members.iterator().next()
        : value;
  }
}
