package io.heddle.core.reconcile;

import io.heddle.core.flow.Flow;
import org.jspecify.annotations.Nullable;

/// A flow as a switch dumped it.
///
/// @param flow what it says, or null where it says something that we never would
public record InstalledFlow(int table, long cookie, @Nullable Flow flow) {}
