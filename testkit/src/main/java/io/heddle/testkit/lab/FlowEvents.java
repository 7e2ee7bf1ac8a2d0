package io.heddle.testkit.lab;

import java.time.Duration;
import java.util.List;

/// What changes in a hypervisor's flow tables, told by the switch itself (`ovs-ofctl monitor`).
public final class FlowEvents implements AutoCloseable {
  private static final Duration LISTENING = Duration.ofSeconds(30);

  private final Background monitor;

  private FlowEvents(Background monitor) {
    this.monitor = monitor;
  }

  /// Returns when the switch tells of everything that comes.
  public static FlowEvents of(LabHost host) {
    String folder = "OVS_RUNDIR=" + host.ovs().directory();
    Background monitor =
        host.netns()
            .start(
                host.name() + ".flows",
                "env",
                folder,
                "ovs-ofctl",
                "monitor",
                OvsSwitch.BR_INT,
                "watch:!initial");
    Await.until(
        LISTENING,
        "the flow monitor of " + host.name(),
        () -> monitor.output().contains("NXST_FLOW_MONITOR reply"));
    return new FlowEvents(monitor);
  }

  /// One line for each flow that came, went or changed.
  public List<String> seen() {
    if (!monitor.running()) {
      throw new AssertionError("the switch hung up: " + monitor.output());
    }
    return monitor.output().lines().filter(line -> line.contains("event=")).toList();
  }

  @Override
  public void close() {
    monitor.close();
  }
}
