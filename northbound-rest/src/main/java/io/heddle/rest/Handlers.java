package io.heddle.rest;

import io.heddle.rest.contract.Contract;
import io.heddle.rest.events.EventFeed;
import io.heddle.rest.events.EventLog;
import io.heddle.rest.events.Places;
import io.heddle.rest.handler.AclEntryHandlers;
import io.heddle.rest.handler.AuditHandlers;
import io.heddle.rest.handler.ClusterHandlers;
import io.heddle.rest.handler.EventHandlers;
import io.heddle.rest.handler.Freshness;
import io.heddle.rest.handler.Handler;
import io.heddle.rest.handler.ManifestHandlers;
import io.heddle.rest.handler.NodeHandlers;
import io.heddle.rest.handler.PeeringHandlers;
import io.heddle.rest.handler.PolicyHandlers;
import io.heddle.rest.handler.ResourceHandlers;
import io.heddle.rest.handler.RevisionHandlers;
import io.heddle.rest.handler.RuleHandlers;
import io.heddle.rest.handler.Writes;
import io.heddle.rest.resource.ResourceType;
import io.heddle.rest.resource.ResourceTypes;
import io.heddle.rest.spi.Backend;
import io.heddle.rest.spi.Controller;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/// What serves each operation, put together by hand.
record Handlers(
    Backend backend,
    RestServer.Environment environment,
    Freshness freshness,
    RestOptions.Streams streams) {

  /// By operation id.
  Map<String, Handler> all(Contract contract) {
    Controller controller = backend.controller();
    Writes writes = new Writes(controller, environment.clock());
    Supplier<UUID> ids = environment.uuids();
    List<ResourceType<?>> types = ResourceTypes.all(ids);
    Map<String, Handler> handlers = new HashMap<>();
    for (ResourceType<?> type : types) {
      handlers.putAll(new ResourceHandlers<>(type, controller, writes, ids).all());
    }
    handlers.putAll(new RuleHandlers(controller, writes, ids).all());
    handlers.putAll(new PeeringHandlers(controller, writes).all());
    handlers.putAll(new ManifestHandlers(types, contract, writes, ids).all());
    handlers.putAll(new AclEntryHandlers(controller, writes).all());
    handlers.putAll(new PolicyHandlers(backend).all());
    handlers.putAll(new RevisionHandlers(controller).all());
    handlers.putAll(new ClusterHandlers(backend).all());
    handlers.putAll(new AuditHandlers(backend).all());
    handlers.putAll(events(types).all());
    handlers.putAll(new NodeHandlers(controller, environment.meters(), contract).all());
    return handlers;
  }

  private EventHandlers events(List<ResourceType<?>> types) {
    Controller controller = backend.controller();
    Places places = new Places(streams.atOnce(), streams.ofOneProject());
    environment.meters().gauge("heddle.http.streams", places, Places::taken);
    return new EventHandlers(
        new EventFeed.Source(controller, new EventLog(controller, types), streams.heartbeat()),
        places,
        freshness);
  }
}
