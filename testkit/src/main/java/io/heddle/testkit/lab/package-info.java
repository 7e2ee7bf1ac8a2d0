/// Laboratories of real Open vSwitch: hypervisors, virtual machines and the wires between them.
///
/// A [io.heddle.testkit.lab.Lab] is one test's world. Each hypervisor is a network namespace with
/// an ovsdb-server and an ovs-vswitchd of its own (userspace datapath), each virtual machine a
/// namespace on a veth pair, and two Linux bridges in one more namespace are the cables: the
/// underlay, which carries the tunnels, and the control network, on which hypervisors reach the
/// controller. A [io.heddle.testkit.lab.DummySwitch] is the small sibling for the fast lane: flows,
/// dumps and `ofproto/trace` without any packet or privilege.
///
/// Everything a run creates bears its [io.heddle.testkit.lab.LabName], which names the owning
/// process. What carries the name is removed by `close()`, by a shutdown hook, or, after a `kill
/// -9`, by the next run.
///
/// These classes block the calling thread and are meant for one test thread. Waiting happens in
/// [io.heddle.testkit.lab.Await] and nowhere else. Depends on the JDK and slf4j alone. Start
/// reading at `Lab`.
@NullMarked
package io.heddle.testkit.lab;

import org.jspecify.annotations.NullMarked;
