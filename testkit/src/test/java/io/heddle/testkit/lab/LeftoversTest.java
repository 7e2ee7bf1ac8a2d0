package io.heddle.testkit.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What happens to a lab whose process dies, gently or not.
class LeftoversTest {

  /// Opens a lab and a dummy switch, says their names and waits for its end.
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws IOException {
      Lab lab = Lab.open();
      LabHost host = lab.host("hv1");
      DummySwitch dummy = DummySwitch.withBridge();
      String dummyName = dummy.ovs().directory().getParent().getFileName().toString();
      System.out.println(lab.name() + " " + dummyName + " " + host.tunnelIp());
      int _ = System.in.read();
    }
  }

  @Test
  void aKilledProcessIsSweptByTheNext() throws Exception {
    Process victim = victim();
    List<LabName> names = names(victim);
    victim.destroyForcibly().waitFor();
    for (LabName name : names) {
      assertFalse(name.ownerLives());
      assertFalse(Lab.remains(name).isEmpty());
    }
    try (DummySwitch next = DummySwitch.withBridge()) {
      assertTrue(next.ovs().vswitchdPid().isPresent());
      for (LabName name : names) {
        assertEquals(List.of(), Lab.remains(name));
      }
    }
  }

  @Test
  void aProcessThatEndsCleansUpItself() throws Exception {
    Process victim = victim();
    List<LabName> names = names(victim);
    victim.getOutputStream().close();
    assertTrue(victim.waitFor(20, TimeUnit.SECONDS));
    for (LabName name : names) {
      assertEquals(List.of(), Lab.remains(name));
    }
  }

  @Test
  void aNameTellsItsOwner() {
    LabName mine = LabName.next();
    assertTrue(mine.ownerLives());
    assertFalse(new LabName(mine.pid(), mine.start() + 1, 1).ownerLives());
    assertEquals(mine, LabName.owning(mine.toString()).orElseThrow());
    assertEquals(mine, LabName.owning(mine.member("hv1")).orElseThrow());
    assertTrue(LabName.owning("hl-eth0").isEmpty());
    assertTrue(LabName.owning(mine + "xyz").isEmpty());
    assertTrue(new LabName(4_194_303, 46_655, 1_295).toString().length() <= 15);
  }

  private static Process victim() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Victim.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static List<LabName> names(Process victim) throws IOException {
    BufferedReader reader = victim.inputReader(StandardCharsets.UTF_8);
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      String[] words = line.split(" ", -1);
      if (LabName.owning(words[0]).isPresent()) {
        return List.of(
            LabName.owning(words[0]).orElseThrow(), LabName.owning(words[1]).orElseThrow());
      }
    }
    throw new AssertionError("the victim named no lab");
  }
}
