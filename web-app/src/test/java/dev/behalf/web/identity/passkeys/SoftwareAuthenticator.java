package dev.behalf.web.identity.passkeys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.behalf.contract.Sha256;
import dev.behalf.contract.StrictJson;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * A browser and its authenticator with one passkey, as WebAuthn describes them: it signs what it is
 * asked for, and can be told to do it wrong.
 */
final class SoftwareAuthenticator {

  private static final CBORMapper CBOR = new CBORMapper();

  private static final int PRESENT = 0x01;
  private static final int VERIFIED = 0x04;
  private static final int WITH_CREDENTIAL = 0x40;

  private final byte[] id = bytes(UUID.randomUUID());
  private final KeyPair keys = keys();
  private String origin = "http://localhost:0";
  private int verified = VERIFIED;
  private int count;

  SoftwareAuthenticator at(String otherOrigin) {
    origin = otherOrigin;
    return this;
  }

  SoftwareAuthenticator withoutVerification() {
    verified = 0;
    return this;
  }

  /** Counts its signatures from here on: a copy of the authenticator would count again. */
  SoftwareAuthenticator counting(int signatures) {
    count = signatures;
    return this;
  }

  /** Returns the answer of {@code navigator.credentials.create}. */
  String create(String options) throws Exception {
    var asked = StrictJson.MAPPER.readTree(options);
    var data = new ByteArrayOutputStream();
    data.write(authenticatorData(asked.at("/rp/id").asString(), WITH_CREDENTIAL));
    data.write(new byte[16]);
    data.write(ByteBuffer.allocate(2).putShort((short) id.length).array());
    data.write(id);
    data.write(coseKey());
    var attestation = new LinkedHashMap<String, Object>();
    attestation.put("fmt", "none");
    attestation.put("attStmt", Map.of());
    attestation.put("authData", data.toByteArray());
    return answer(
        Map.of(
            "clientDataJSON", base64(clientData("webauthn.create", asked)),
            "attestationObject", base64(CBOR.writeValueAsBytes(attestation)),
            "transports", new String[] {"internal"}));
  }

  /** Returns the answer of {@code navigator.credentials.get}. */
  String get(String options) throws Exception {
    var asked = StrictJson.MAPPER.readTree(options);
    var clientData = clientData("webauthn.get", asked);
    var data = authenticatorData(asked.at("/rpId").asString(), 0);
    var signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(data);
    signature.update(Sha256.of(clientData));
    return answer(
        Map.of(
            "clientDataJSON", base64(clientData),
            "authenticatorData", base64(data),
            "signature", base64(signature.sign())));
  }

  private String answer(Map<String, Object> response) {
    return StrictJson.text(
        Map.of(
            "id",
            base64(id),
            "rawId",
            base64(id),
            "type",
            "public-key",
            "authenticatorAttachment",
            "platform",
            "clientExtensionResults",
            Map.of(),
            "response",
            response));
  }

  private byte[] clientData(String type, JsonNode asked) {
    return StrictJson.text(
            Map.of(
                "type",
                type,
                "challenge",
                asked.at("/challenge").asString(),
                "origin",
                origin,
                "crossOrigin",
                false))
        .getBytes(UTF_8);
  }

  private byte[] authenticatorData(String host, int flags) {
    return ByteBuffer.allocate(37)
        .put(Sha256.of(host.getBytes(UTF_8)))
        .put((byte) (PRESENT | verified | flags))
        .putInt(++count)
        .array();
  }

  /** RFC 9053: an elliptic-curve key on P-256, for ES256. */
  private byte[] coseKey() {
    var point = ((ECPublicKey) keys.getPublic()).getW();
    var key = new LinkedHashMap<Integer, Object>();
    key.put(1, 2);
    key.put(3, -7);
    key.put(-1, 1);
    key.put(-2, coordinate(point.getAffineX().toByteArray()));
    key.put(-3, coordinate(point.getAffineY().toByteArray()));
    return withIntegerKeys(key);
  }

  /** CBOR by hand: the library writes the names of a map as text. */
  private static byte[] withIntegerKeys(Map<Integer, Object> map) {
    var out = new ByteArrayOutputStream();
    out.write(0xa0 | map.size());
    map.forEach(
        (name, value) -> {
          out.writeBytes(CBOR.writeValueAsBytes(name));
          out.writeBytes(CBOR.writeValueAsBytes(value));
        });
    return out.toByteArray();
  }

  private static byte[] coordinate(byte[] signed) {
    var unsigned = new byte[32];
    var from = Math.max(0, signed.length - 32);
    System.arraycopy(signed, from, unsigned, 32 - (signed.length - from), signed.length - from);
    return unsigned;
  }

  private static byte[] bytes(UUID id) {
    return Arrays.copyOf(Sha256.of(id.toString().getBytes(UTF_8)), 20);
  }

  private static KeyPair keys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
