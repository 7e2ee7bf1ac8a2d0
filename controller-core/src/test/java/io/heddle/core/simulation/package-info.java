/// The cluster in one thread and in no time: our real store, deciding, views and claims, on a log,
/// a network, switches and clients that one seed makes as bad as they may be.
///
/// A [io.heddle.core.simulation.World] is one run. Everything that happens is an event of its
/// [io.heddle.core.simulation.Timeline], and every choice is taken from its seed, so a seed that
/// fails fails again. What must hold is checked by [io.heddle.core.simulation.Truth] and
/// [io.heddle.core.simulation.Verdict] after each event. Start with `SimulationTest`.
@NullMarked
package io.heddle.core.simulation;

import org.jspecify.annotations.NullMarked;
