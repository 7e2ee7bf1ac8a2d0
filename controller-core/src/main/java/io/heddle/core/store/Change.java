package io.heddle.core.store;

import io.heddle.core.model.Key;
import io.heddle.core.model.Row;
import org.jspecify.annotations.Nullable;

/// One row before and after; never both null, never equal.
public record Change(Key<?> key, @Nullable Row before, @Nullable Row after) {}
