package io.heddle.rest.handler;

import io.heddle.core.model.Peering;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Image;
import io.heddle.core.store.Submission;
import io.heddle.rest.auth.Role;
import io.heddle.rest.http.Reply;
import io.heddle.rest.resource.Peerings;
import io.heddle.rest.resource.Representation;
import io.heddle.rest.resource.Scene;
import io.heddle.rest.spi.Controller;
import io.heddle.vpc.command.AnswerPeering;
import java.util.Map;

/// `/v1/peerings/{id}:accept` and `:reject`: what the accepter's project says to a request.
public final class PeeringHandlers {

  private final Peerings type = new Peerings();
  private final Controller controller;
  private final Writes writes;

  public PeeringHandlers(Controller controller, Writes writes) {
    this.controller = controller;
    this.writes = writes;
  }

  /// By operation id.
  public Map<String, Handler> all() {
    return Map.of(
        "acceptPeering",
        Handler.deciding(
            request -> answer(request, AnswerPeering.Answer.ACCEPT), this::recallAnswer),
        "rejectPeering",
        Handler.deciding(
            request -> answer(request, AnswerPeering.Answer.REJECT), this::recallAnswer));
  }

  private Reply answer(Request request, AnswerPeering.Answer answer) throws InterruptedException {
    request.require(Role.MEMBER);
    Peering peering = ResourceHandlers.existing(type, request, controller.image());
    ProjectId by =
        request.caller().sees(peering.accepterProject())
            ? peering.accepterProject()
            : request.caller().home();
    AnswerPeering command = new AnswerPeering(peering.id(), by, request.ifMatch(), answer);
    if (request.isDryRun()) {
      Writes.Dry<Peering> dry = writes.decide(command);
      return show(dry.result(), new Scene.Decided(dry.image()));
    }
    String verb = answer == AnswerPeering.Answer.ACCEPT ? "accept" : "reject";
    return writes.commit(
        request,
        Submission.of(
            command, request.caller().subject(), "%s peering %s".formatted(verb, peering.id())),
        this::answered);
  }

  private Reply answered(Peering peering, Image image) {
    return show(image.find(peering.id()).orElse(peering), new Scene.Live(image, controller));
  }

  private Reply show(Peering peering, Scene scene) {
    return Reply.json(200, Representation.of(type, peering, scene))
        .with("ETag", ResourceHandlers.etag(peering));
  }

  /// A request that was answered already by the time it was carried out has put nothing.
  private Reply recallAnswer(Request request, Recalled recalled) throws InterruptedException {
    Peering standing = ResourceHandlers.existing(type, request, controller.image());
    Peering put = recalled.put(Peering.KIND).stream().findFirst().orElse(standing);
    return writes.recall(request, recalled.revision(), () -> answered(put, controller.image()));
  }
}
