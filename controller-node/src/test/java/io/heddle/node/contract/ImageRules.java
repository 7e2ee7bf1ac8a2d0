package io.heddle.node.contract;

import io.heddle.core.model.HostId;
import io.heddle.core.model.IdempotentReply;
import io.heddle.core.model.Identity;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Key;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Kinds;
import io.heddle.core.model.NumberHold;
import io.heddle.core.model.Port;
import io.heddle.core.model.Row;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.core.store.Image;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is true of every image that commands have made, however they were meant.
final class ImageRules {

  /// Rows that tell of the past, or of what people may name before it is there.
  private static final Set<Class<?>> MAY_DANGLE =
      Set.of(HostId.class, IdempotentReply.Id.class, NumberHold.Id.class);

  private final Image image;
  private final List<String> broken = new ArrayList<>();

  private ImageRules(Image image) {
    this.image = image;
  }

  /// What is not as it must be, in words.
  static List<String> brokenIn(Image image) {
    ImageRules rules = new ImageRules(image);
    for (Kind<?> kind : Kinds.ALL) {
      for (Row row : image.all(kind)) {
        rules.namesOnlyWhatIsThere(row, row);
      }
    }
    rules.vpcsAreWhole();
    rules.portsAreUnique();
    rules.identitiesAreThoseOfPorts();
    rules.tagsAreUnique();
    return rules.broken;
  }

  private void require(boolean holds, String otherwise, Object... values) {
    if (!holds) {
      broken.add(otherwise.formatted(values));
    }
  }

  /// Every key of another row, however deep, is that of a row that is there.
  private void namesOnlyWhatIsThere(Row row, Object value) {
    switch (value) {
      case null -> {}
      case IdempotentReply reply -> {}
      case Key<?> key when MAY_DANGLE.contains(key.getClass()) -> {}
      case Key<?> key when key.equals(row.key()) -> {}
      case Key<?> key ->
          require(
              image.find(key).isPresent(),
              "%s %s names %s %s, which is not there",
              row.key().kind(),
              row.key(),
              key.kind(),
              key);
      case Collection<?> many -> many.forEach(each -> namesOnlyWhatIsThere(row, each));
      case Record parts -> components(parts).forEach(part -> namesOnlyWhatIsThere(row, part));
      default -> {}
    }
  }

  private static List<Object> components(Record parts) {
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : parts.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        Object value = component.getAccessor().invoke(parts);
        if (value != null) {
          values.add(value);
        }
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }
    return values;
  }

  private void vpcsAreWhole() {
    for (Vpc vpc : image.all(Vpc.KIND)) {
      SecurityGroup group = image.find(vpc.defaultGroup()).orElse(null);
      require(group != null && group.vpc().equals(vpc.id()), "vpc %s has no group", vpc.id());
      List<Subnet> subnets = List.copyOf(image.findBy(Subnet.KIND, Subnet.BY_VPC, vpc.id()));
      for (Subnet one : subnets) {
        require(
            vpc.cidrs().stream().anyMatch(cidr -> cidr.contains(one.cidr().network())),
            "subnet %s is outside its vpc",
            one.cidr());
        require(
            one.meta().project().equals(vpc.meta().project()), "subnet %s is another's", one.id());
        for (Subnet other : subnets) {
          require(
              one == other
                  || !(one.cidr().contains(other.cidr().network())
                      || other.cidr().contains(one.cidr().network())),
              "subnets %s and %s overlap",
              one.cidr(),
              other.cidr());
        }
      }
    }
  }

  private void portsAreUnique() {
    Set<Object> taken = new HashSet<>();
    for (Port port : image.all(Port.KIND)) {
      Subnet subnet = image.find(port.subnet()).orElse(null);
      if (subnet == null) {
        continue; // said already
      }
      require(subnet.vpc().equals(port.vpc()), "port %s is in two vpcs", port.id());
      require(!port.addresses().isEmpty(), "port %s has no address", port.id());
      require(taken.add(new Port.VpcMac(port.vpc(), port.mac())), "MAC %s twice", port.mac());
      List<IpAddress> addresses = new ArrayList<>(port.addresses());
      addresses.addAll(port.ipv6Addresses());
      for (IpAddress address : addresses) {
        require(taken.add(new Port.VpcAddress(port.vpc(), address)), "%s twice", address);
      }
      port.addresses()
          .forEach(address ->
              require(
                  subnet.cidr().contains(address) && !address.equals(subnet.gateway()),
                  "port %s has %s in %s",
                  port.id(),
                  address,
                  subnet.cidr()));
    }
  }

  private void identitiesAreThoseOfPorts() {
    Set<Key<?>> used = new HashSet<>();
    for (Port port : image.all(Port.KIND)) {
      Identity identity = image.find(port.identityId()).orElse(null);
      require(
          port.identity() == 0 || (identity != null && identity.groups().equals(port.groups())),
          "port %s has identity %s",
          port.id(),
          identity);
      used.add(port.identityId());
    }
    for (Identity identity : image.all(Identity.KIND)) {
      require(used.contains(identity.key()), "identity %s is nobody's", identity.key());
    }
  }

  private void tagsAreUnique() {
    Map<String, Set<Integer>> tags = new HashMap<>();
    image.all(Vpc.KIND).forEach(vpc -> unique(tags, "vpc", vpc.tag()));
    image.all(Subnet.KIND).forEach(subnet -> unique(tags, "subnet", subnet.tag()));
    image.all(Port.KIND).forEach(port -> unique(tags, "port", port.tag()));
    image.all(SecurityGroup.KIND).forEach(group -> unique(tags, "group", group.tag()));
    image.all(Vpc.KIND).forEach(vpc -> unique(tags, "vni", vpc.vni()));
    image.all(Identity.KIND).forEach(identity -> unique(tags, "vni", identity.vni()));
  }

  private void unique(Map<String, Set<Integer>> tags, String space, int tag) {
    require(
        tags.computeIfAbsent(space, fresh -> new HashSet<>()).add(tag), "%s %d twice", space, tag);
  }
}
