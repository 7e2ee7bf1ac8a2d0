package io.heddle.ovsdb.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.ovsdb.lab.RealOvs;
import io.heddle.ovsdb.rpc.Operation.Condition;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The client's calls, answered by a real ovsdb-server that dials us.
class OvsdbClientTest {
  private static final EventLoopGroup LOOPS =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private static final Owner OWNER = new Owner();
  private static RealOvs ovs;
  private static OvsdbListener listener;
  private static RpcSession session;

  /// Hands the session to the test, and its updates.
  private static final class Owner implements RpcSession.Peer {
    final BlockingQueue<TableUpdates> updates = new LinkedBlockingQueue<>();
    final CompletableFuture<Void> opened = new CompletableFuture<>();

    @Override
    public void opened() {
      opened.complete(null);
    }

    @Override
    public void notified(String method, JsonNode params) {
      OvsdbClient.updates(method, params).ifPresent(updates::add);
    }

    @Override
    public void settled() {}

    @Override
    public void closed(String reason) {}
  }

  @BeforeAll
  static void connect() {
    ovs = RealOvs.start("client-test");
    listener =
        OvsdbListener.listen(
            ListenerOptions.loopback(0),
            Timings.DEFAULT,
            LOOPS,
            made -> {
              session = made;
              return OWNER;
            });
    ovs.manage(listener.address().getPort());
    OWNER.opened.orTimeout(5, TimeUnit.SECONDS).join();
  }

  @AfterAll
  static void end() {
    listener.close();
    ovs.close();
    LOOPS.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static <T> T onLoop(java.util.function.Supplier<CompletableFuture<T>> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    session.onLoop(() ->
        call.get()
            .whenComplete((value, failure) -> {
              if (failure != null) {
                result.completeExceptionally(failure);
              } else {
                result.complete(value);
              }
            }));
    return result.orTimeout(5, TimeUnit.SECONDS).join();
  }

  @Test
  void readsTheSchemaMonitorsAndTransacts() throws Exception {
    OvsdbClient client = new OvsdbClient(session, "Open_vSwitch");
    Schema schema = onLoop(client::schema);
    assertEquals(8, schema.majorVersion());
    assertEquals(Schema.ColumnKind.SET, schema.tables().get("Bridge").get("ports"));
    assertEquals(Schema.ColumnKind.MAP, schema.tables().get("Bridge").get("external_ids"));
    assertEquals(Schema.ColumnKind.ATOM, schema.tables().get("Interface").get("ofport"));

    TableUpdates first =
        onLoop(() -> client.monitor(Map.of("Open_vSwitch", List.of("external_ids"))));
    var row = first.tables().get("Open_vSwitch").values().iterator().next();
    assertEquals(
        "client-test",
        assertInstanceOf(RowChange.Present.class, row)
            .row()
            .pairs("external_ids")
            .get("system-id"));

    Operation set =
        new Operation.Mutate(
            "Open_vSwitch",
            List.of(),
            List.of(Operation.Mutation.insert("external_ids", Value.mapOf(Map.of("a", "b")))));
    assertEquals(
        new TransactOutcome.Committed(List.of(new TransactOutcome.Result(1, List.of()))),
        onLoop(() -> client.transact(List.of(set))));
    TableUpdates update = OWNER.updates.poll(5, TimeUnit.SECONDS);
    var change = update.tables().get("Open_vSwitch").values().iterator().next();
    assertEquals(
        Map.of("a", "b"),
        assertInstanceOf(RowChange.Changed.class, change).difference().pairs("external_ids"));
  }

  @Test
  void aWaitThatDoesNotHoldRefusesTheWholeTransaction() {
    OvsdbClient client = new OvsdbClient(session, "Open_vSwitch");
    Operation wait =
        new Operation.Wait(
            "Bridge",
            Condition.named("absent"),
            List.of("name"),
            List.of(Row.EMPTY.with("name", Value.of("absent"))));
    TransactOutcome outcome =
        onLoop(() -> client.transact(List.of(wait, new Operation.Comment("never said"))));
    assertTrue(assertInstanceOf(TransactOutcome.Refused.class, outcome).overtaken());
  }
}
