package io.heddle.testkit.ovsdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.ovsdb.rpc.Operation;
import io.heddle.ovsdb.rpc.OperationJson;
import io.heddle.ovsdb.rpc.OvsdbDialer;
import io.heddle.ovsdb.rpc.Row;
import io.heddle.ovsdb.rpc.RpcSession;
import io.heddle.ovsdb.rpc.RpcSession.Answer;
import io.heddle.ovsdb.rpc.Timings;
import io.heddle.ovsdb.rpc.Value;
import io.heddle.ovsdb.rpc.ValueJson;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// A host's OVSDB side in memory: dials its managers, all those that its database names, and lets
/// itself be onboarded.
///
/// Keeps its database when a connection breaks, and dials again, as a real host does. Methods may
/// be called from any thread; futures complete on the host's event loop.
public final class SimulatedOvsdb implements AutoCloseable {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String BRIDGE = "br-int";
  private static final String ROOT = "Open_vSwitch";
  private static final String MANAGER = "Manager";
  private static final String MANAGERS = "manager_options";
  private static final JsonNode SCHEMA = readSchema();

  /// What an OpenFlow client for this host needs to know.
  ///
  /// @param controllers targets such as `tcp:127.0.0.1:6653`
  public record Onboarded(long datapathId, List<String> controllers) {}

  private final EventLoop loop;
  private final MemoryDatabase database;
  private final UUID root;
  private final Map<InetSocketAddress, OvsdbDialer> dialers = new HashMap<>();
  private final Set<InetSocketAddress> unreachable = new HashSet<>();
  private final Set<Wire> wires = new LinkedHashSet<>();
  private final CompletableFuture<Onboarded> onboarded = new CompletableFuture<>();
  private Optional<Onboarded> lastOnboarded = Optional.empty();
  private Consumer<Onboarded> follower = _ -> {};
  private boolean closed;
  private long lastId;
  private int nextOfport = 1;
  private final AtomicInteger transactions = new AtomicInteger();

  private SimulatedOvsdb(HostId host, Ipv4Address encapIp, EventLoop loop) {
    this.loop = loop;
    this.database = new MemoryDatabase(() -> new UUID(host.value().hashCode(), ++lastId));
    this.root = new UUID(0, 1);
    Row row =
        new Row(
            Map.of(
                "bridges",
                Value.NOTHING,
                "datapath_types",
                Value.texts(List.of("netdev", "system")),
                "external_ids",
                Value.mapOf(
                    Map.of(
                        "system-id", host.value(),
                        "hostname", host.value(),
                        "heddle-encap-ip", encapIp.toString()))));
    database.put(ROOT, root, row);
  }

  /// Starts a host that has nothing but a system-id, a tunnel address and one manager.
  public static SimulatedOvsdb connect(
      HostId host, Ipv4Address encapIp, InetSocketAddress manager, EventLoopGroup loops) {
    SimulatedOvsdb started = new SimulatedOvsdb(host, encapIp, loops.next());
    var _ =
        started.onLoop(() -> {
          started.addManager(manager);
          started.dialManagers();
        });
    return started;
  }

  private void addManager(InetSocketAddress manager) {
    String target = "tcp:%s:%d".formatted(manager.getHostString(), manager.getPort());
    UUID id = newId();
    database.put(MANAGER, id, new Row(Map.of("target", Value.of(target))));
    var _ =
        database.transact(
            List.of(
                new Operation.Mutate(
                    ROOT, List.of(), List.of(Operation.Mutation.insert(MANAGERS, Value.of(id))))));
  }

  /// The address in a target such as `tcp:127.0.0.1:6653`.
  public static InetSocketAddress address(String target) {
    String[] parts = target.split(":", -1);
    if (parts.length != 3 || !parts[0].equals("tcp")) {
      throw new IllegalArgumentException("a simulated host cannot dial " + target);
    }
    return new InetSocketAddress(parts[1], Integer.parseInt(parts[2]));
  }

  /// Dials the managers that the database names now, and no others.
  private void dialManagers() {
    Set<InetSocketAddress> named = closed ? new HashSet<>() : managerAddresses();
    named.removeAll(unreachable);
    for (InetSocketAddress gone : List.copyOf(dialers.keySet())) {
      if (!named.contains(gone)) {
        Optional.ofNullable(dialers.remove(gone)).ifPresent(OvsdbDialer::close);
      }
    }
    for (InetSocketAddress manager : named) {
      dialers.computeIfAbsent(
          manager,
          fresh -> OvsdbDialer.dial(fresh, Optional.empty(), Timings.DEFAULT, loop, Wire::new));
    }
  }

  private Set<InetSocketAddress> managerAddresses() {
    return database.table(ROOT).getOrDefault(root, Row.EMPTY).references(MANAGERS).stream()
        .map(id -> database.table(MANAGER).getOrDefault(id, Row.EMPTY).text("target"))
        .filter(target -> target.startsWith("tcp:"))
        .map(SimulatedOvsdb::address)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /// The managers that its database names now.
  public Set<InetSocketAddress> managers() {
    return CompletableFuture.supplyAsync(this::managerAddresses, loop).join();
  }

  /// Is out of one manager's reach until [#comeBackTo].
  public void vanishFrom(InetSocketAddress manager) {
    onLoop(
            () -> {
              unreachable.add(manager);
              dialManagers();
            })
        .join();
  }

  public void comeBackTo(InetSocketAddress manager) {
    onLoop(
            () -> {
              unreachable.remove(manager);
              dialManagers();
            })
        .join();
  }

  /// Tells who follows what the switch should be, now if that is known, and whenever its
  /// controllers change; on the host's event loop.
  public void follow(Consumer<Onboarded> change) {
    var _ =
        onLoop(() -> {
          follower = change;
          lastOnboarded.ifPresent(change);
        });
  }

  /// Completes when the controller has made the integration bridge and named itself its controller.
  public CompletableFuture<Onboarded> onboarded() {
    return onboarded.copy();
  }

  /// Transactions that the controller has committed here.
  public int transactions() {
    return transactions.get();
  }

  /// Plugs a VM's interface in, as libvirt would, under the OpenFlow number given.
  public CompletableFuture<Void> plug(String ifaceId, int ofport, MacAddress mac) {
    return onLoop(() -> {
      UUID port = newId();
      UUID plugged = newId();
      Map<String, String> ids =
          Map.of("iface-id", ifaceId, "attached-mac", mac.toString(), "iface-status", "active");
      database.put(
          "Interface",
          plugged,
          new Row(
              Map.of(
                  "name", Value.of(name(ifaceId)),
                  "external_ids", Value.mapOf(ids),
                  "ofport", Value.of(ofport),
                  "link_state", Value.of("up"))));
      database.put(
          "Port",
          port,
          new Row(Map.of("name", Value.of(name(ifaceId)), "interfaces", Value.of(plugged))));
      changePorts(Operation.Mutator.INSERT, port);
    });
  }

  /// Unplugs it again.
  public CompletableFuture<Void> unplug(String ifaceId) {
    return onLoop(() -> {
      UUID port = database.named("Port", name(ifaceId)).orElseThrow().getKey();
      UUID plugged = database.named("Interface", name(ifaceId)).orElseThrow().getKey();
      changePorts(Operation.Mutator.DELETE, port);
      database.remove("Port", port);
      database.remove("Interface", plugged);
    });
  }

  /// Ends its connections; the host dials again after a second, as Open vSwitch does.
  public void dropConnections() {
    loop.execute(() -> List.copyOf(wires).forEach(open -> open.session.close("the test drops it")));
  }

  @Override
  public void close() {
    loop.execute(() -> {
      closed = true;
      dialManagers();
    });
  }

  private static String name(String ifaceId) {
    return "tap-" + ifaceId;
  }

  private UUID newId() {
    return new UUID(1, ++lastId);
  }

  private void changePorts(Operation.Mutator mutator, UUID port) {
    var _ =
        database.transact(
            List.of(
                new Operation.Mutate(
                    "Bridge",
                    Operation.Condition.named(BRIDGE),
                    List.of(new Operation.Mutation("ports", mutator, Value.of(port))))));
  }

  private CompletableFuture<Void> onLoop(Runnable change) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        change.run();
        tellAll();
        done.complete(null);
      } catch (RuntimeException failed) {
        done.completeExceptionally(failed);
      }
    });
    return done;
  }

  private void tellAll() {
    wires.forEach(Wire::tell);
  }

  /// What `ovs-vswitchd` writes back after a change: bridges get their ids, interfaces their
  /// numbers.
  private void reconfigure() {
    Map.copyOf(database.table("Bridge"))
        .forEach((id, row) -> {
          String datapathId = row.pairs("other_config").getOrDefault("datapath-id", "");
          database.put("Bridge", id, row.with("datapath_id", Value.of(datapathId)));
        });
    Map.copyOf(database.table("Interface"))
        .forEach((id, row) -> {
          if (row.number("ofport").isEmpty()) {
            long asked = row.number("ofport_request").orElse(nextOfport++);
            database.put(
                "Interface",
                id,
                row.with("ofport", Value.of(asked)).with("link_state", Value.of("up")));
          }
        });
    dialManagers();
    completeOnboarding();
  }

  private void completeOnboarding() {
    Optional<Row> bridge = database.named("Bridge", BRIDGE).map(Map.Entry::getValue);
    if (bridge.isEmpty() || bridge.get().text("datapath_id").isEmpty()) {
      return;
    }
    List<String> controllers =
        bridge.get().references("controller").stream()
            .map(id -> database.table("Controller").getOrDefault(id, Row.EMPTY).text("target"))
            .toList();
    Onboarded now =
        new Onboarded(Long.parseUnsignedLong(bridge.get().text("datapath_id"), 16), controllers);
    if (!controllers.isEmpty() && !lastOnboarded.equals(Optional.of(now))) {
      lastOnboarded = Optional.of(now);
      onboarded.complete(now);
      follower.accept(now);
    }
  }

  /// The connection: ovsdb-server's half of the protocol.
  private final class Wire implements RpcSession.Peer {
    private final RpcSession session;
    private final Map<String, Row> told = new HashMap<>();
    private JsonNode monitor = JSON.nullNode();
    private Set<String> monitored = Set.of();

    Wire(RpcSession session) {
      this.session = session;
    }

    @Override
    public void opened() {
      session.proven();
      wires.add(this);
    }

    @Override
    public void notified(String method, JsonNode params) {}

    @Override
    public void settled() {}

    @Override
    public void closed(String reason) {
      wires.remove(this);
    }

    @Override
    public Answer requested(String method, JsonNode params) {
      return switch (method) {
        case "get_schema" -> Answer.of(SCHEMA);
        case "monitor" -> {
          monitor = params.path(1);
          monitored = Set.copyOf(fieldNames(params.path(2)));
          told.clear();
          yield Answer.of(changes());
        }
        case "transact" -> transact(params);
        default -> Answer.error("unknown method");
      };
    }

    private Answer transact(JsonNode params) {
      List<Operation> operations = new ArrayList<>();
      for (int i = 1; i < params.size(); i++) {
        operations.add(OperationJson.read(params.get(i)));
      }
      List<MemoryDatabase.Result> results = database.transact(operations);
      if (!(results.getLast() instanceof MemoryDatabase.Result.Failed)) {
        transactions.incrementAndGet();
        tellAll();
        loop.execute(() -> {
          reconfigure();
          tellAll();
        });
      }
      ArrayNode answers = JSON.arrayNode();
      results.forEach(result -> answers.add(answer(result)));
      return Answer.of(answers);
    }

    /// Sends what changed since it was last told.
    void tell() {
      ObjectNode changes = changes();
      if (!changes.isEmpty() && !monitor.isNull()) {
        session.notifyPeer("update", JSON.arrayNode().add(monitor).add(changes));
      }
    }

    private ObjectNode changes() {
      ObjectNode tables = JSON.objectNode();
      for (String table : monitored) {
        Map<UUID, Row> rows = database.table(table);
        rows.forEach((id, row) -> {
          if (!row.equals(told.put(table + " " + id, row))) {
            rowOf(tables, table, id).set("new", ValueJson.write(row));
          }
        });
        told.keySet()
            .removeIf(key -> {
              boolean gone = key.startsWith(table + " ") && !rows.containsKey(idOf(key));
              if (gone) {
                rowOf(tables, table, idOf(key)).putObject("old");
              }
              return gone;
            });
      }
      return tables;
    }

    private static ObjectNode rowOf(ObjectNode tables, String table, UUID id) {
      return tables.withObjectProperty(table).putObject(id.toString());
    }

    private static UUID idOf(String key) {
      return UUID.fromString(key.substring(key.indexOf(' ') + 1));
    }
  }

  private static List<String> fieldNames(JsonNode json) {
    return json.properties().stream().map(Map.Entry::getKey).toList();
  }

  private static ObjectNode answer(MemoryDatabase.Result result) {
    ObjectNode json = JSON.objectNode();
    return switch (result) {
      case MemoryDatabase.Result.Done(int count) -> json.put("count", count);
      case MemoryDatabase.Result.Inserted(UUID id) ->
          json.set("uuid", ValueJson.write(Value.of(id)));
      case MemoryDatabase.Result.Selected(List<Row> rows) -> {
        ArrayNode array = json.putArray("rows");
        rows.forEach(row -> array.add(ValueJson.write(row)));
        yield json;
      }
      case MemoryDatabase.Result.Failed(String error) ->
          json.put("error", error).put("details", "");
    };
  }

  private static JsonNode readSchema() {
    try (InputStream in = SimulatedOvsdb.class.getResourceAsStream("schema.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
