package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.inventory.EvictHost;
import io.heddle.core.inventory.UpdateHost;
import io.heddle.core.model.Host;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Kind;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Command;
import io.heddle.rest.auth.Role;
import io.heddle.rest.resource.Status.State;
import io.heddle.rest.spi.Controller.HostState;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/// `/v1/hosts`. Nobody creates a host: it reports itself.
final class Hosts implements ResourceType<Host> {

  @Override
  public String path() {
    return "hosts";
  }

  @Override
  public String singular() {
    return "Host";
  }

  @Override
  public Kind<Host> kind() {
    return Host.KIND;
  }

  @Override
  public Role toRead() {
    return Role.OPERATOR;
  }

  @Override
  public Role toWrite() {
    return Role.OPERATOR;
  }

  @Override
  public void describe(Host host, Scene scene, ObjectNode json) {
    Ipv4Address tunnelIp = host.tunnelIp();
    json.put("hostname", host.hostname())
        .put("zone", host.zone())
        .put("tunnelIp", tunnelIp == null ? null : tunnelIp.toString());
    ObjectNode mappings = json.putObject("bridgeMappings");
    new TreeMap<>(host.bridgeMappings()).forEach(mappings::put);
    HostState state = scene.host(host.id());
    json.put("connected", state.connected()).put("realizedRevision", state.realizedRevision());
  }

  @Override
  public Status status(Host host, Scene scene) {
    HostState state = scene.host(host.id());
    if (!state.problem().isEmpty()) {
      return new Status(State.DEGRADED, state.problem());
    }
    if (!state.connected()) {
      return new Status(State.DEGRADED, "the host is not connected");
    }
    return host.tunnelIp() == null
        ? new Status(
            State.DEGRADED, "the host has no tunnel IP: set external_ids:heddle-encap-ip on it")
        : Status.of(scene.standing(host));
  }

  @Override
  public Command<Host> update(Host host, Fields patch, OptionalLong ifMatch) {
    return new UpdateHost(
        host.id(),
        ifMatch,
        patch.patchedName(),
        patch.mergedLabels(host.meta().labels()),
        patch.patched("zone", JsonNode::asText, ""));
  }

  @Override
  public Command<Host> deletion(Host host, OptionalLong ifMatch) {
    return new EvictHost(host.id(), ifMatch);
  }

  @Override
  public List<Filter<Host>> filters() {
    return List.of(Filter.plain(Host.KIND, "zone", zone -> zone, Host::zone));
  }

  @Override
  public List<Host> of(ProjectId project, Scene scene) {
    return scene.image().all(Host.KIND).stream()
        .filter(host -> host.meta().project().equals(project))
        .toList();
  }
}
