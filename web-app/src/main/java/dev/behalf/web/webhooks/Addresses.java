package dev.behalf.web.webhooks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Decides which addresses belong to the public internet, by IANA's registries of special-purpose
 * addresses. Of IPv6, only global unicast counts, without 6to4 and Teredo: no accepted form embeds
 * an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo).
 */
final class Addresses {

  private static final List<Block> NOT_PUBLIC =
      Stream.of(
              "0.0.0.0/8", // this network
              "10.0.0.0/8",
              "100.64.0.0/10", // carrier-grade NAT
              "127.0.0.0/8",
              "169.254.0.0/16", // link-local, with the metadata services of clouds
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24", // documentation
              "192.88.99.0/24", // 6to4 relays
              "192.168.0.0/16",
              "198.18.0.0/15", // benchmarking
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/4", // multicast
              "240.0.0.0/4", // reserved, with broadcast
              "2001::/23", // protocol assignments, with Teredo
              "2001:db8::/32",
              "2002::/16", // 6to4
              "3fff::/20")
          .map(Block::of)
          .toList();

  private static final Block GLOBAL_UNICAST = Block.of("2000::/3");

  private Addresses() {}

  static boolean isPublic(InetAddress address) {
    var bytes = address.getAddress();
    return (bytes.length == 4 || GLOBAL_UNICAST.holds(bytes))
        && NOT_PUBLIC.stream().noneMatch(block -> block.holds(bytes));
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Block(byte[] prefix, int bits) {

    static Block of(String cidr) {
      var slash = cidr.indexOf('/');
      try {
        return new Block(
            InetAddress.getByName(cidr.substring(0, slash)).getAddress(),
            Integer.parseInt(cidr.substring(slash + 1)));
      } catch (UnknownHostException noAddress) {
        throw new IllegalArgumentException(cidr, noAddress);
      }
    }

    boolean holds(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
