package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Kind;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Resource;
import io.heddle.core.store.Command;
import io.heddle.core.store.Image;
import io.heddle.rest.auth.Role;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

/// What one kind of resource is to the API.
public interface ResourceType<R extends Resource> {

  /// Its part of the path, as in `/v1/security-groups`.
  String path();

  /// Its name in operation ids, as in `createSecurityGroup`.
  String singular();

  Kind<R> kind();

  /// Adds the fields of its own to those that every resource has.
  void describe(R row, Scene scene, ObjectNode json);

  /// How the row stands, apart from what the switches say.
  default Status status(R row, Scene scene) {
    return Status.of(scene.standing(row));
  }

  /// @param row as it is when this is decided
  Command<R> update(R row, Fields patch, OptionalLong ifMatch);

  Command<R> deletion(R row, OptionalLong ifMatch);

  /// @param by the project that it is done for, of those in [#projects]
  default Command<R> deletion(R row, ProjectId by, OptionalLong ifMatch) {
    return deletion(row, ifMatch);
  }

  /// The projects that the row exists for: its own, and perhaps others that have a part in it.
  default List<ProjectId> projects(R row) {
    return List.of(row.meta().project());
  }

  /// What lists may be filtered by, besides name and project.
  default List<Filter<R>> filters() {
    return List.of();
  }

  /// The rows of one project, for types that have an index of it.
  List<R> of(ProjectId project, Scene scene);

  default Role toRead() {
    return Role.READER;
  }

  default Role toWrite() {
    return Role.MEMBER;
  }

  /// A type whose resources clients create.
  interface Creatable<R extends Resource> extends ResourceType<R> {

    /// @param project whom it is for
    /// @param ids fresh ones
    Command<R> creation(Fields body, ProjectId project, Supplier<UUID> ids);

    /// Whether manifests may speak of it: what belongs to a project does.
    default boolean isInManifests() {
      return true;
    }

    /// Whether a row is there because another one is, so that a manifest need not speak of it.
    default boolean isImplied(R row, Image image) {
      return false;
    }
  }
}
