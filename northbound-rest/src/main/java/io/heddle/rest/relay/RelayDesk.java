package io.heddle.rest.relay;

import io.heddle.core.store.UnreadableException;
import io.heddle.rest.contract.Contract;
import io.heddle.rest.contract.Operation;
import io.heddle.rest.contract.Parameter;
import io.heddle.rest.handler.Handler;
import io.heddle.rest.handler.NotLeading;
import io.heddle.rest.handler.Request;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.spi.Backend;
import io.heddle.rest.spi.Controller;
import io.heddle.rest.spi.Leader;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The leader's side: carries out what other nodes were asked to do, as if it had been asked
/// itself. It hands nothing on.
public final class RelayDesk {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(RelayDesk.class);

  private final Controller controller;
  private final Leader leader;
  private final Map<String, Operation> operations;
  private final Map<String, Handler> handlers;
  private final Semaphore places;

  /// @param handlers by operation id
  /// @param inFlight errands at once; more are refused
  public RelayDesk(
      Backend backend, Contract contract, Map<String, Handler> handlers, int inFlight) {
    this.controller = backend.controller();
    this.leader = backend.leader();
    this.operations =
        contract.operations().stream()
            .collect(Collectors.toUnmodifiableMap(Operation::id, operation -> operation));
    this.handlers = Map.copyOf(handlers);
    this.places = new Semaphore(inFlight);
  }

  /// Answers another node. May wait: for a virtual thread.
  public byte[] serve(byte[] message) throws InterruptedException {
    return reply(message).bytes();
  }

  private RelayedReply reply(byte[] message) throws InterruptedException {
    if (!places.tryAcquire()) {
      return answered(
          HttpProblem.of(
                  429,
                  "too-many-requests",
                  "Too many requests",
                  "the leader carries out as many requests of other nodes as it cares for; try again in a second")
              .with("Retry-After", "1"));
    }
    try {
      RelayedRequest relayed = RelayedRequest.read(message);
      return leader.isHere() && controller.silence().isEmpty()
          ? carryOut(relayed)
          : new RelayedReply.NotLeading("the node that was taken for the leader does not lead");
    } catch (Refusal refusal) {
      return answered(refusal.problem());
    } catch (NotLeading notLeading) {
      return new RelayedReply.NotLeading(notLeading.why());
    } catch (UnreadableException e) {
      LOG.warn("event=relayed-request-unreadable cause=\"{}\"", e.getMessage());
      return answered(otherVersion("it does not understand the request as this node wrote it"));
    } catch (IOException | RuntimeException e) {
      LOG.error("event=relayed-request-failed message={}", Arrays.hashCode(message), e);
      return answered(HttpProblem.internal());
    } finally {
      places.release();
    }
  }

  private RelayedReply carryOut(RelayedRequest relayed) throws IOException, InterruptedException {
    Operation operation = operations.get(relayed.operation());
    if (operation == null
        || !(handlers.get(relayed.operation()) instanceof Handler.Deciding handler)) {
      return answered(otherVersion("it knows no operation '%s'".formatted(relayed.operation())));
    }
    check(operation, relayed);
    LOG.debug(
        "event=relayed-request request={} operation={}",
        relayed.request().id().inLog(),
        operation.id());
    return new RelayedReply.Answered(handler.handle(relayed.request()));
  }

  /// Against the contract of this node, which may be of another version than the one that asks.
  private static void check(Operation operation, RelayedRequest relayed) {
    Request request = relayed.request();
    for (Parameter parameter : operation.parameters()) {
      request.parameter(parameter.name()).ifPresent(value -> operation.check(parameter, value));
    }
    if (operation.bodies().containsKey(relayed.mediaType())) {
      operation.check(relayed.mediaType(), request.body());
    } else if (operation.takesBody()) {
      throw new UnreadableException("a body in '%s'".formatted(relayed.mediaType()));
    }
  }

  private static RelayedReply answered(HttpProblem problem) {
    return new RelayedReply.Answered(Reply.problem(problem));
  }

  private static HttpProblem otherVersion(String why) {
    return HttpProblem.unavailable(
        "the leader is of another version than this node, and %s; bring all nodes to one version"
            .formatted(why),
        RETRY_AFTER);
  }
}
