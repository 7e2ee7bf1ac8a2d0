package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.Cluster;
import io.heddle.core.store.Fact;
import io.heddle.core.store.Image;
import io.heddle.core.store.Rig;
import io.heddle.core.store.Snapshot;
import io.heddle.core.store.UnreadableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What may take the place of a node's own snapshot and log.
class SnapshotStagingTest {

  private static final UUID OURS = new UUID(11, 12);
  private static final UUID THEIRS = new UUID(21, 22);

  @TempDir Path group;

  private static byte[] snapshot(UUID cluster) throws IOException {
    Image image =
        Image.EMPTY
            .apply(
                1,
                List.of(
                    Fact.put(new Cluster(cluster, 1, Cluster.CURRENT_FEATURE_LEVEL, "key")),
                    Fact.put(Rig.project("p"))))
            .image();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Snapshot(image, List.of("b0")).writeTo(out);
    return out.toByteArray();
  }

  /// As Ratis leaves it when the last piece has come.
  private Path arrived(byte[] bytes, boolean whole) throws IOException {
    Path directory = Files.createDirectories(group.resolve("tmp/snapshot-" + UUID.randomUUID()));
    Path file = Files.write(directory.resolve("snapshot.2_20"), bytes);
    if (whole) {
      Files.writeString(directory.resolve("snapshot.2_20.md5"), "its digest");
    }
    return file;
  }

  @Test
  void oursIsAdmittedAndSoIsAnyWhereNothingIsKnown() throws IOException {
    SnapshotStaging staging = new SnapshotStaging(group);
    staging.admit(Optional.of(OURS));
    arrived(snapshot(OURS), true);
    staging.admit(Optional.of(OURS));
    staging.admit(Optional.empty());
    arrived("half of one".getBytes(StandardCharsets.UTF_8), false);
    staging.admit(Optional.of(OURS));
  }

  @Test
  void anotherClustersIsRefused() throws IOException {
    SnapshotStaging staging = new SnapshotStaging(group);
    arrived(snapshot(THEIRS), true);
    SnapshotStaging.OfAnotherCluster refused =
        assertThrows(
            SnapshotStaging.OfAnotherCluster.class, () -> staging.admit(Optional.of(OURS)));
    assertTrue(refused.getMessage().contains(THEIRS.toString()), refused.getMessage());
    staging.admit(Optional.empty());
  }

  @Test
  void whatThisBuildDoesNotUnderstandIsRefused() throws IOException {
    SnapshotStaging staging = new SnapshotStaging(group);
    String newer =
        new String(snapshot(OURS), StandardCharsets.UTF_8).replace("\"project\"", "\"teapot\"");
    arrived(newer.getBytes(StandardCharsets.UTF_8), true);
    assertThrows(UnreadableException.class, () -> staging.admit(Optional.of(OURS)));
  }

  @Test
  void whatEarlierAttemptsLeftIsCleared() throws IOException {
    SnapshotStaging staging = new SnapshotStaging(group);
    staging.clear();
    Path left = arrived(snapshot(THEIRS), true);
    staging.clear();
    assertFalse(Files.exists(left.getParent()));
    assertTrue(Files.isDirectory(group.resolve("tmp")));
    staging.admit(Optional.of(OURS));
  }
}
