package io.heddle.ovsdb.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.ovsdb.lab.Node;
import io.heddle.ovsdb.lab.RealOvs;
import io.heddle.ovsdb.report.HostReport;
import io.heddle.ovsdb.rpc.ListenerOptions;
import io.heddle.ovsdb.rpc.OvsdbClient;
import io.heddle.ovsdb.rpc.OvsdbListener;
import io.heddle.ovsdb.rpc.RpcSession;
import io.heddle.ovsdb.rpc.Schema;
import io.heddle.ovsdb.rpc.Timings;
import io.heddle.ovsdb.rpc.TransactOutcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A controller that was deposed, and has not heard of it, cannot write: the host itself refuses
/// it.
class FencingTest {

  /// Reads the host's tables once, is told that the world has moved on, and writes all the same.
  private static final class Deposed implements RpcSession.Peer {
    final CompletableFuture<Void> planned = new CompletableFuture<>();
    final CompletableFuture<TransactOutcome> outcome = new CompletableFuture<>();
    private final RpcSession session;
    private final OvsdbClient client;
    private Plan stale = new Plan.InStep();

    Deposed(RpcSession session) {
      this.session = session;
      this.client = new OvsdbClient(session, "Open_vSwitch");
    }

    @Override
    public void opened() {
      client.schema().thenCompose(this::read);
    }

    private CompletableFuture<Void> read(Schema schema) {
      return client
          .monitor(HostTables.COLUMNS)
          .thenAccept(first -> {
            Replica replica = new Replica(schema);
            replica.apply(first);
            HostTables tables = replica.tables();
            var known =
                (HostIdentity.Reading.Known)
                    HostIdentity.read(tables.root().orElseThrow().externalIds());
            stale =
                Onboarding.plan(
                    tables,
                    known.identity(),
                    new Onboarding.Target(
                        HostSettings.standard(),
                        new Targets(List.of("tcp:192.0.2.1:6653"), List.of("tcp:192.0.2.1:6640")),
                        2));
            planned.complete(null);
          });
    }

    void write() {
      session.onLoop(() ->
          client
              .transact(assertInstanceOf(Plan.Transact.class, stale).operations())
              .thenAccept(outcome::complete));
    }

    @Override
    public void notified(String method, JsonNode params) {}

    @Override
    public void settled() {}

    @Override
    public void closed(String reason) {}
  }

  private final Node node = Node.start();
  private final RealOvs ovs = RealOvs.start("hv1");
  private final CompletableFuture<Deposed> deposed = new CompletableFuture<>();
  private final OvsdbListener listener =
      OvsdbListener.listen(
          ListenerOptions.loopback(0),
          Timings.DEFAULT,
          node.loops,
          session -> {
            Deposed peer = new Deposed(session);
            deposed.complete(peer);
            return peer;
          });

  @BeforeEach
  void identify() {
    ovs.vsctl("--no-wait", "set", "open", ".", "external_ids:heddle-encap-ip=192.0.2.7");
  }

  @AfterEach
  void stop() {
    listener.close();
    ovs.close();
    node.close();
  }

  private Deposed planned() {
    Deposed late = deposed.orTimeout(5, TimeUnit.SECONDS).join();
    late.planned.orTimeout(5, TimeUnit.SECONDS).join();
    return late;
  }

  private void assertThatItChangesNothing(Deposed late) {
    String before = ovs.configuration();
    late.write();
    TransactOutcome outcome = late.outcome.orTimeout(5, TimeUnit.SECONDS).join();
    assertTrue(assertInstanceOf(TransactOutcome.Refused.class, outcome).overtaken());
    assertEquals(before, ovs.configuration());
    assertFalse(ovs.vsctl("get-manager").contains("192.0.2.1"));
  }

  @Test
  void aPlanMadeUnderAnOlderEpochIsRefusedByTheHost() {
    ovs.manage(node.port());
    node.rule(1);
    node.heard.awaitReport("hv1", "a programmable host", HostReport::programmable);
    ovs.manage(listener.address().getPort());
    Deposed late = planned();
    ovs.vsctl("set", "bridge", "br-int", "external_ids:heddle-epoch=3");
    assertThatItChangesNothing(late);
  }

  @Test
  void aPlanForABareHostIsRefusedOnceSomebodyElseOnboardedIt() {
    ovs.manage(listener.address().getPort());
    Deposed late = planned();
    ovs.manage(node.port(), listener.address().getPort());
    node.rule(3);
    node.heard.awaitReport("hv1", "a programmable host", HostReport::programmable);
    assertThatItChangesNothing(late);
  }
}
