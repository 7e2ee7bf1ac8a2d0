package io.heddle.core.store;

import io.heddle.core.model.Cluster;
import io.heddle.core.model.Index;
import io.heddle.core.model.Key;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Meta;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Resource;
import io.heddle.core.model.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a command is decided: the image with every earlier fact of the batch on top, and the facts
/// it adds. What is put is read back at once, so a command may build on its own facts.
public final class Draft implements Rows {

  private Image image;
  private final List<Fact> facts = new ArrayList<>();
  private final long revision;
  private final Instant now;

  /// @param revision the revision that these facts will make, if they are committed
  /// @param now the leader's clock: the only time that a command knows
  public Draft(Image image, long revision, Instant now) {
    this.image = image;
    this.revision = revision;
    this.now = now;
  }

  public long revision() {
    return revision;
  }

  public Instant now() {
    return now;
  }

  /// The image as this draft has made it so far.
  public Image image() {
    return image;
  }

  public List<Fact> facts() {
    return List.copyOf(facts);
  }

  public void put(Row row) {
    requireLevel(row.key().kind());
    add(Fact.put(row));
  }

  /// A member that is older than the cluster's feature level allows could not read the row, and
  /// would stop. An image without a cluster row (a test's) has the level of this build.
  private void requireLevel(Kind<?> kind) {
    int level = find(Cluster.ID).map(Cluster::featureLevel).orElse(Cluster.CURRENT_FEATURE_LEVEL);
    if (kind.since() > level) {
      throw new IllegalStateException(
          "a %s row needs feature level %d; the cluster is at %d"
              .formatted(kind.name(), kind.since(), level));
    }
  }

  public void delete(Key<?> key) {
    add(new Fact.Delete(key, owner(key)));
  }

  private <R extends Row> @Nullable ProjectId owner(Key<R> key) {
    return find(key).map(Draft::owner).orElse(null);
  }

  private static @Nullable ProjectId owner(Row row) {
    return row instanceof Resource resource ? resource.meta().project() : null;
  }

  private void add(Fact fact) {
    facts.add(fact);
    image = image.extendedBy(List.of(fact));
  }

  /// Accepts with all facts put so far.
  public <T> Decision<T> accept(T result) {
    return new Decision.Accepted<>(result, facts);
  }

  /// The common part of a resource that is created here and now.
  public Meta created(String name, ProjectId project, Map<String, String> labels) {
    return new Meta(name, project, labels, revision, now, now);
  }

  /// The common part of a resource that is changed here and now.
  public Meta touched(Meta meta) {
    return meta.updated(meta.name(), meta.labels(), revision, now);
  }

  @Override
  public <R extends Row> Optional<R> find(Key<R> key) {
    return image.find(key);
  }

  @Override
  public <R extends Row, V> Collection<R> findBy(Kind<R> kind, Index<R, V> index, V value) {
    return image.findBy(kind, index, value);
  }

  @Override
  public <R extends Row, V> int countBy(Kind<R> kind, Index<R, V> index, V value) {
    return image.countBy(kind, index, value);
  }
}
