package io.heddle.vpc.command;

import static io.heddle.vpc.command.Refusals.assertInvalid;
import static io.heddle.vpc.command.Refusals.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Vpc;
import io.heddle.core.store.Problem;
import io.heddle.vpc.Cloud;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProjectCommandsTest {

  private static final ProjectId NEW = new ProjectId("new");
  private static final ProjectId NONE = new ProjectId("none");

  private final Cloud cloud = new Cloud();

  private static CreateProject create(ProjectId id, Project.Quotas quotas) {
    return new CreateProject(id, "A tenant", Map.of("tier", "gold"), quotas);
  }

  private static UpdateProject quotas(ProjectId id, Project.Quotas quotas) {
    return new UpdateProject(
        id, OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.of(quotas));
  }

  @Test
  void aProjectOwnsItself() {
    Project project = cloud.commit(create(NEW, Project.Quotas.DEFAULT));
    assertEquals(NEW, project.meta().project());
    assertEquals(cloud.image().revision(), project.meta().revision());
  }

  @Test
  void anIdIsTakenOnce() {
    Problem problem = cloud.refusal(create(Cloud.ACME, Project.Quotas.DEFAULT));
    assertProblem(Problem.Type.CONFLICT, "id", "project acme", problem);
    assertEquals(List.of("project acme"), problem.conflicts());
  }

  @Test
  void quotasAreNumbersFromZero() {
    Project.Quotas negative = new Project.Quotas(1, 1, -1, 1, 1);
    assertInvalid("quotas.ports", "-1", cloud.refusal(create(NEW, negative)));
    assertInvalid("quotas.ports", "-1", cloud.refusal(quotas(Cloud.ACME, negative)));
  }

  @Test
  void aUsedUpQuotaSaysSo() {
    cloud.commit(quotas(Cloud.ACME, new Project.Quotas(1, 1, 1, 1, 1)));
    Vpc vpc = cloud.vpc("one", "10.0.0.0/16");
    assertProblem(
        Problem.Type.EXHAUSTED,
        "",
        "1 of its 1 vpcs",
        cloud.refusal(cloud.createVpc("two", "10.1.0.0/16")));
    var subnet = cloud.subnet("one", vpc, "10.0.0.0/24");
    assertProblem(
        Problem.Type.EXHAUSTED,
        "",
        "subnets",
        cloud.refusal(cloud.createSubnet("two", vpc, "10.0.1.0/24")));
    cloud.port("one", subnet);
    assertProblem(
        Problem.Type.EXHAUSTED, "", "ports", cloud.refusal(cloud.createPort("two", subnet)));
  }

  @Test
  void aProjectInUseStays() {
    Vpc vpc = cloud.vpc("one", "10.0.0.0/16");
    Problem problem = cloud.refusal(new DeleteProject(Cloud.ACME, OptionalLong.empty()));
    assertProblem(Problem.Type.IN_USE, "", "still used", problem);
    assertEquals(List.of("vpc " + vpc.id()), problem.conflicts());
    cloud.commit(new DeleteVpc(vpc.id(), Cloud.ACME, OptionalLong.empty()));
    cloud.commit(new DeleteProject(Cloud.ACME, OptionalLong.empty()));
    assertTrue(cloud.image().find(Cloud.ACME).isEmpty());
  }

  @Test
  void anUnknownProjectIsNotFound() {
    assertProblem(
        Problem.Type.NOT_FOUND,
        "",
        "no project none",
        cloud.refusal(new DeleteProject(NONE, OptionalLong.empty())));
    assertProblem(
        Problem.Type.NOT_FOUND, "", "none", cloud.refusal(quotas(NONE, Project.Quotas.DEFAULT)));
  }

  @Test
  void aStaleUpdateIsRefused() {
    long stale = cloud.image().require(Cloud.ACME).meta().revision() - 1;
    assertProblem(
        Problem.Type.PRECONDITION_FAILED,
        "",
        "read it again",
        cloud.refusal(new DeleteProject(Cloud.ACME, OptionalLong.of(stale))));
  }
}
