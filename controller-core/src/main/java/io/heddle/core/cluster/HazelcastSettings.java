package io.heddle.core.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.TcpIpConfig;
import java.util.Map;

/// How Hazelcast is set up: members by list, no telephone, no multicast, little memory, and quick
/// to notice who is gone.
final class HazelcastSettings {

  /// The attribute of a member that bears its node's name.
  static final String NODE = "heddle.node";

  private HazelcastSettings() {}

  /// Its properties, each with what it is for.
  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          Map.entry("hazelcast.phone.home.enabled", "false"),
          Map.entry("hazelcast.logging.type", "slf4j"),
          Map.entry("hazelcast.shutdownhook.enabled", "false"),
          Map.entry("hazelcast.health.monitoring.level", "OFF"),
          // The address that was asked for, and no other.
          Map.entry("hazelcast.socket.bind.any", "false"),
          // A member that hangs is gone after so many seconds; our own views are quicker.
          Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
          Map.entry("hazelcast.max.no.heartbeat.seconds", "5"),
          Map.entry("hazelcast.connection.monitor.max.faults", "1"),
          // Nodes that start together wait for each other.
          Map.entry("hazelcast.wait.seconds.before.join", "1"),
          Map.entry("hazelcast.max.wait.seconds.before.join", "3"),
          // After a partition, the halves find each other so soon.
          Map.entry("hazelcast.merge.first.run.delay.seconds", "3"),
          Map.entry("hazelcast.merge.next.run.delay.seconds", "2"),
          Map.entry("hazelcast.operation.call.timeout.millis", "5000"),
          // We keep nothing in partitions: few of them, few threads.
          Map.entry("hazelcast.partition.count", "7"),
          Map.entry("hazelcast.operation.thread.count", "1"),
          Map.entry("hazelcast.operation.generic.thread.count", "2"),
          Map.entry("hazelcast.event.thread.count", "1"),
          Map.entry("hazelcast.io.thread.count", "1"));

  static Config config(PeersOptions options, HazelcastPeers receiver) {
    Config config = new Config("heddle-" + options.node());
    config.setClusterName(options.cluster());
    PROPERTIES.forEach(config::setProperty);
    config.getMetricsConfig().setEnabled(false);
    config.getJetConfig().setEnabled(false);
    config.getMemberAttributeConfig().setAttribute(NODE, options.node());
    config.getUserContext().put(HazelcastPeers.CONTEXT, receiver);
    config.addExecutorConfig(new ExecutorConfig("heddle", 1).setStatisticsEnabled(false));
    config
        .getSerializationConfig()
        .addDataSerializableFactory(Delivery.FACTORY, Delivery.factory())
        // What is neither Hazelcast's nor Java's own is not made into objects.
        .setJavaSerializationFilterConfig(
            new JavaSerializationFilterConfig().setDefaultsDisabled(false));
    network(config.getAdvancedNetworkConfig(), options);
    return config;
  }

  /// A door for members alone, that speaks no other protocol. (The door for all protocols, which is
  /// Hazelcast's default, has its writing thread turn in circles for as long as a member takes a
  /// connection and says nothing, and all other members wait: that is a stopped process.)
  private static void network(AdvancedNetworkConfig network, PeersOptions options) {
    ServerSocketEndpointConfig door = new ServerSocketEndpointConfig();
    door.setPort(options.port()).setPortAutoIncrement(false).setReuseAddress(true);
    door.setPublicAddress(options.host() + ":" + options.port());
    door.getInterfaces().setEnabled(true).addInterface(options.host());
    network.setEnabled(true).setMemberEndpointConfig(door);
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    TcpIpConfig list = join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(1);
    options.seeds().forEach(list::addMember);
  }
}
