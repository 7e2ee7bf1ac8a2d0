/// Switches without Open vSwitch: OpenFlow 1.4 clients that keep a flow table.
///
/// For tests with more switches than processes are good for. A
/// [io.heddle.testkit.switches.SimulatedSwitch] dials its controllers as Open vSwitch does, knows
/// which of them is master and what the others may not do, answers what it is asked, applies
/// bundles all at once or not at all, counts what it was sent, notes what a controller must not do,
/// and refuses, stalls or vanishes when a test tells it to. A
/// [io.heddle.testkit.switches.SimulatedHost] is one with an OVSDB side: it is onboarded first and
/// then dials the controllers that it was given.
///
/// What a switch holds outlives its connections. All of it belongs to one event loop a switch.
@NullMarked
package io.heddle.testkit.switches;

import org.jspecify.annotations.NullMarked;
