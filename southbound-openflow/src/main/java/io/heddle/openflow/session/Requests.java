package io.heddle.openflow.session;

import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.SwitchError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What was asked of a switch and not answered yet, by transaction id. Owned by the connection's
/// event loop.
final class Requests {

  /// One question.
  interface Request {

    /// Takes a part of the answer.
    ///
    /// @return true when that was all
    boolean answered(Message message);

    void refused(SwitchError error);

    void abandoned(SessionClosedException why);
  }

  private final Map<Integer, Request> waiting = new HashMap<>();
  private long answers;
  private long answersAtLastLook;
  private boolean waitedAtLastLook;

  void add(int xid, Request request) {
    waiting.put(xid, request);
  }

  void remove(int xid) {
    waiting.remove(xid);
  }

  boolean isFull() {
    return waiting.size() >= Limits.MAX_REQUESTS;
  }

  /// @return false when nobody waits for it
  boolean answer(Message message) {
    Request request = waiting.get(message.xid());
    if (request == null) {
      return false;
    }
    answers++;
    if (request.answered(message)) {
      waiting.remove(message.xid(), request);
    }
    return true;
  }

  /// @return false when nobody waits for it
  boolean refuse(SwitchError error) {
    Request request = waiting.remove(error.xid());
    if (request == null) {
      return false;
    }
    answers++;
    request.refused(error);
    return true;
  }

  void abandonAll(SessionClosedException why) {
    List<Request> all = List.copyOf(waiting.values());
    waiting.clear();
    all.forEach(request -> request.abandoned(why));
  }

  /// Looked at in intervals: true when requests waited the whole interval long and none was
  /// answered.
  boolean isStuck() {
    boolean stuck = waitedAtLastLook && !waiting.isEmpty() && answers == answersAtLastLook;
    waitedAtLastLook = !waiting.isEmpty();
    answersAtLastLook = answers;
    return stuck;
  }
}
