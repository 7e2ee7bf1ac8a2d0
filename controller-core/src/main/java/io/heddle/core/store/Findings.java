package io.heddle.core.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Answers that change nothing: they rest on the image alone, and are true only if no other node
/// led when they were found. They wait until a majority has said so; those that come meanwhile wait
/// for the next time. Belongs to the store's owner.
final class Findings {

  /// What is certain as soon as one question is answered. Two of them are never equal.
  private static final class Question {
    private final List<Pending.Settlement<?>> answers;

    Question(List<Pending.Settlement<?>> answers) {
      this.answers = List.copyOf(answers);
    }
  }

  private final Log log;
  private final Owner owner;
  private final Runnable leadsNoMore;
  private final List<Pending.Settlement<?>> found = new ArrayList<>();
  private @Nullable Question open;

  /// @param leadsNoMore is told when the log says so
  Findings(Log log, Owner owner, Runnable leadsNoMore) {
    this.log = log;
    this.owner = owner;
    this.leadsNoMore = leadsNoMore;
  }

  void add(List<Pending.Settlement<?>> answers) {
    found.addAll(answers);
    ask();
  }

  private void ask() {
    if (open == null && !found.isEmpty()) {
      Question question = new Question(found);
      found.clear();
      open = question;
      ask(question);
    }
  }

  private void ask(Question question) {
    if (open == question) {
      var _ =
          log.confirm().whenComplete((done, failed) -> owner.run(() -> answered(question, failed)));
    }
  }

  private void answered(Question question, @Nullable Throwable failed) {
    if (open != question) {
      return;
    }
    Throwable cause = failed instanceof CompletionException ? failed.getCause() : failed;
    if (cause == null) {
      open = null;
      question.answers.forEach(Pending.Settlement::give);
      ask();
    } else if (cause instanceof Log.NotLeader) {
      leadsNoMore.run();
    } else {
      owner.runAfter(Store.ASK_AGAIN_AFTER, () -> ask(question));
    }
  }

  /// Nobody will know whether this node led.
  void refuse(Consumer<Pending<?>> refusal) {
    List<Pending.Settlement<?>> all = new ArrayList<>(open == null ? List.of() : open.answers);
    all.addAll(found);
    open = null;
    found.clear();
    all.forEach(answer -> refusal.accept(answer.pending()));
  }
}
