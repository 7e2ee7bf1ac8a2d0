/// What the API of one node does for fifty clients at once, and what one busy tenant takes from the
/// others.
///
/// [io.heddle.benchmarks.api.ApiBenchmark] takes turns; [io.heddle.benchmarks.api.Crowd] is the
/// clients, each on a thread of its own; [io.heddle.benchmarks.api.Tenants] lets them in. Node and
/// clients share this process and its processors, which is why only ratios of one run say anything.
@NullMarked
package io.heddle.benchmarks.api;

import org.jspecify.annotations.NullMarked;
