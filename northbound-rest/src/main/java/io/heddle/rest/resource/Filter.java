package io.heddle.rest.resource;

import io.heddle.core.model.Kind;
import io.heddle.core.model.Resource;
import io.heddle.core.store.Image;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/// A field that a list may be narrowed down by, exactly.
///
/// @param canonical the value as rows have it; refuses what is not one
/// @param candidates a set of rows that holds all matches, as small as an index makes it
/// @param valuesOf the row's values of the field
public record Filter<R>(
    String name,
    Function<String, String> canonical,
    BiFunction<Image, String, Collection<R>> candidates,
    BiFunction<R, Image, Collection<String>> valuesOf) {

  /// A field that has no index.
  static <R extends Resource> Filter<R> plain(
      Kind<R> kind, String name, Function<String, String> canonical, Function<R, String> valueOf) {
    return new Filter<>(
        name,
        canonical,
        (image, asked) -> image.all(kind),
        (row, image) -> List.of(valueOf.apply(row)));
  }

  public boolean matches(R row, Image image, String value) {
    return valuesOf.apply(row, image).contains(value);
  }
}
