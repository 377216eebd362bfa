// docs/wire.md, 3.3 and 3.4: bodies in chunks, from the head that announces them to the trailer.
#include "authn/signature/chunks.h"

#include <gmock/gmock.h>

#include <random>

#include "authn/world.h"
#include "crypto/checksums.h"

namespace deputy::authn {
namespace {

constexpr std::string_view kSigned = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
constexpr std::string_view kSignedTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
constexpr std::string_view kUnsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
const std::string kIncomplete = "400 IncompleteBody: The request body terminated unexpectedly";
const std::string kMalformedTrailer =
    "400 MalformedTrailerError: The request contained trailing data that was not well-formed or did not conform to our "
    "published schema.";
const std::string kWrongSignature =
    "403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check "
    "your key and signing method.";
const std::string kTooSmall =
    "403 InvalidChunkSizeError: Only the last chunk is allowed to have a size less than 8192 bytes";

std::string told(const Error& error) {
  return std::to_string(error.status()) + " " + error.code() + ": " + error.message();
}

struct Decoded {
  std::string outcome;  // "ok", or the error
  std::string data, trailer;
  Error::Details details;
};

/// `pieces`: how many bytes come at a time, over and over; empty: all at once.
Decoded decode(const http::Request& request, const BodyClaim& claim, std::string_view body,
               const std::vector<std::size_t>& pieces) {
  Decoded d;
  const auto failed = [&](const Error& error) {
    d.outcome = told(error);
    d.details = error.details();
    return d;
  };
  auto decoder = ChunkDecoder::of(request, claim);
  if (!decoder) return failed(decoder.error());
  if (!*decoder) return {"not in chunks", {}, {}, {}};
  for (std::size_t i = 0; !body.empty(); ++i) {
    std::string_view piece = pieces.empty() ? body : body.substr(0, pieces[i % pieces.size()]);
    body.remove_prefix(piece.size());
    while (!piece.empty()) {
      const std::size_t before = piece.size();
      const auto data = (*decoder)->decode(piece);
      if (!data) return failed(data.error());
      EXPECT_LT(piece.size(), before) << "no byte was taken";
      d.data += *data;
    }
  }
  if (const auto finished = (*decoder)->finish(); !finished) return failed(finished.error());
  d.outcome = "ok";
  d.trailer = (*decoder)->trailer_value();
  return d;
}

/// A request whose head says that its body is in chunks, and the chunks as a client makes them.
class ChunksTest : public testing::Test {
 protected:
  TestRequest head(std::string_view payload, std::size_t length, const std::string& trailer) {
    TestRequest request;
    request.method = "PUT";
    request.target = "/bucket/key";
    request.set("Host", "s3.us-east-1.amazonaws.com");
    request.set("x-amz-content-sha256", std::string(payload));
    request.set("x-amz-decoded-content-length", std::to_string(length));
    Signer signer = Signer::s3();
    signer.signed_headers = "host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length";
    if (!trailer.empty()) {
      request.set("x-amz-trailer", trailer);
      signer.signed_headers += ";x-amz-trailer";
    }
    signer.sign(request);
    return request;
  }
  BodyClaim claim_of(const TestRequest& request) {
    BodyClaim claim;
    const auto caller = identifier_.identify(request.view(), kS3, *world_.snapshot, now_, &claim);
    EXPECT_TRUE(caller.ok()) << told(caller.error());
    return claim;
  }
  /// The chunk, continuing the signature before it.
  std::string chunk(const std::string& data, const std::string& signature = "") {
    const std::string mine =
        sign("AWS4-HMAC-SHA256-PAYLOAD", crypto::sha256("").hex() + "\n" + crypto::sha256(data).hex());
    char size[32];
    std::snprintf(size, sizeof size, "%zx", data.size());
    return size + (";chunk-signature=" + (signature.empty() ? mine : signature)) + "\r\n" + data +
           (data.empty() ? "" : "\r\n");
  }
  std::string trailer_signature(const std::string& lines) {
    return sign("AWS4-HMAC-SHA256-TRAILER", crypto::sha256(lines).hex());
  }
  void begin(const TestRequest& request) {
    const std::string authorization = request.get("Authorization");
    previous_ = authorization.substr(authorization.size() - 64);
  }
  std::string sign(const std::string& kind, const std::string& hashes) {
    std::string key = "AWS4" + kAliceSecret;
    for (const char* part : {"20260724", "us-east-1", "s3", "aws4_request"}) {
      key = std::string(crypto::hmac_sha256(key, part).view());
    }
    previous_ = crypto::hmac_sha256(
                    key, kind + "\n20260724T101112Z\n20260724/us-east-1/s3/aws4_request\n" + previous_ + "\n" + hashes)
                    .hex();
    return previous_;
  }
  static std::string crc32(const std::string& data) {
    return base64(crypto::checksum_of(crypto::ChecksumAlgorithm::kCrc32, data));
  }

  World world_;
  Identifier identifier_{*world_.vault, world_.tokens};
  Time now_ = world_.now;
  std::string previous_;
};

// ---- AWS's own examples: same key, same secret, 66,560 times "a".
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html#example-signature-calculations-streaming
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html#example-signature-calculations-trailing-header

struct Published {
  std::string_view payload, signed_headers, seed, chunks[3], trailer_signature;
};

TEST_F(ChunksTest, AgreesWithWhatAwsPublished) {
  now_ = *parse_basic_iso8601("20130524T000000Z");
  const Published examples[] = {
      {kSigned,
       "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
       "x-amz-storage-class",
       "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
       {"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"},
       ""},
      {kSignedTrailer,
       "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;"
       "x-amz-trailer",
       "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
       {"b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"},
       "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"},
  };
  const std::string data(66560, 'a');
  for (const Published& e : examples) {
    TestRequest request;
    request.method = "PUT";
    request.target = "/examplebucket/chunkObject.txt";
    request.set("Host", "s3.amazonaws.com");
    request.set("x-amz-date", "20130524T000000Z");
    request.set("x-amz-storage-class", "REDUCED_REDUNDANCY");
    request.set("x-amz-content-sha256", std::string(e.payload));
    request.set("Content-Encoding", "aws-chunked");
    request.set("x-amz-decoded-content-length", "66560");
    request.set("Content-Length", "66824");
    if (!e.trailer_signature.empty()) request.set("x-amz-trailer", "x-amz-checksum-crc32c");
    request.set("Authorization",
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=" +
                    std::string(e.signed_headers) + ",Signature=" + std::string(e.seed));
    const auto chunk_head = [&](const char* size, int i) {
      return std::string(size) + ";chunk-signature=" + std::string(e.chunks[i]) + "\r\n";
    };
    std::string body = chunk_head("10000", 0) + data.substr(0, 65536) + "\r\n" + chunk_head("400", 1) +
                       data.substr(65536) + "\r\n" + chunk_head("0", 2);
    if (!e.trailer_signature.empty()) {
      body += "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:" + std::string(e.trailer_signature) + "\r\n";
    }
    body += "\r\n";
    const Decoded d = decode(request.view(), claim_of(request), body, {1000, 1, 7});
    EXPECT_EQ(d.outcome, "ok") << e.payload;
    EXPECT_TRUE(d.data == data);
    if (e.trailer_signature.empty()) continue;
    EXPECT_EQ(d.trailer, "sOO8/Q==");
    EXPECT_EQ(d.trailer, base64(crypto::checksum_of(crypto::ChecksumAlgorithm::kCrc32c, data)));
  }
}

// ---- Bodies without signatures: each as it comes, whole and cut at every byte.

struct Plain {
  const char* story;
  std::string trailer;  // x-amz-trailer; "" : none
  std::size_t length;
  std::string body;
  std::string outcome, data, value;
};

TEST_F(ChunksTest, UnsignedBodies) {
  const std::string ok = "ok", crc = "x-amz-checksum-crc32", value = crc32("hello");
  const std::string line = crc + ":" + value;
  const Plain cases[] = {
      {"as the SDKs send it", crc, 5, "5\r\nhello\r\n0\r\n" + line + "\r\n\r\n", ok, "hello", value},
      {"no trailer at all", "", 5, "5\r\nhello\r\n0\r\n\r\n", ok, "hello", ""},
      {"nothing in it", crc, 0, "0\r\n" + crc + ":AAAAAA==\r\n\r\n", ok, "", "AAAAAA=="},
      {"size in capitals, with zeros before it", "", 10, "000A\r\n0123456789\r\n0\r\n\r\n", ok, "0123456789", ""},
      {"blanks around the value, name in capitals", crc, 5,
       "5\r\nhello\r\n0\r\nX-Amz-Checksum-CRC32: " + value + " \r\n\r\n", ok, "hello", value},
      {"announced in capitals", "X-Amz-Checksum-Crc32", 5, "5\r\nhello\r\n0\r\n" + line + "\r\n\r\n", ok, "hello",
       value},
      {"the trailer ends with LF, as minio-go's", crc, 5, "5\r\nhello\r\n0\r\n" + line + "\n\r\n\r\n", ok, "hello",
       value},
      {"data that looks like framing", "", 9, "9\r\n0\r\n\r\n5\r\n\r\r\n0\r\n\r\n", ok, "0\r\n\r\n5\r\n\r", ""},

      {"cut within the data", "", 5, "5\r\nhel", kIncomplete, "hel", ""},
      {"cut behind the data", "", 5, "5\r\nhello", kIncomplete, "hello", ""},
      {"cut before the last chunk", "", 5, "5\r\nhello\r\n", kIncomplete, "hello", ""},
      {"cut before the last line", "", 5, "5\r\nhello\r\n0\r\n", kIncomplete, "hello", ""},
      {"cut within the trailer", crc, 5, "5\r\nhello\r\n0\r\n" + line, kIncomplete, "hello", ""},
      {"empty", "", 0, "", kIncomplete, "", ""},
      {"more than was announced", "", 4, "5\r\nhello\r\n0\r\n\r\n", kIncomplete, "", ""},
      {"less than was announced", "", 6, "5\r\nhello\r\n0\r\n\r\n", kIncomplete, "hello", ""},
      {"bytes behind the end", "", 5, "5\r\nhello\r\n0\r\n\r\nx\r\n", kIncomplete, "hello", ""},
      {"a chunk behind the last", "", 5, "5\r\nhello\r\n0\r\n\r\n1\r\nx\r\n", kIncomplete, "hello", ""},
      {"no size", "", 5, "\r\nhello\r\n0\r\n\r\n", kIncomplete, "", ""},
      {"a size that is none", "", 5, "5x\r\nhello\r\n0\r\n\r\n", kIncomplete, "", ""},
      {"a negative size", "", 5, "-5\r\nhello\r\n0\r\n\r\n", kIncomplete, "", ""},
      {"a size beyond 64 bits", "", 5, "10000000000000005\r\nhello\r\n0\r\n\r\n", kIncomplete, "", ""},
      {"a head that ends with LF", "", 5, "5\nhello\r\n0\r\n\r\n", kIncomplete, "", ""},
      {"data that is longer than it says", "", 5, "5\r\nhello!\r\n0\r\n\r\n", kIncomplete, "hello", ""},
      {"a signature that nobody asked for", "", 5, "5;chunk-signature=00\r\nhello\r\n0\r\n\r\n", kIncomplete, "", ""},
      {"a head without end", "", 5, std::string(1000, '0'), kIncomplete, "", ""},
      {"a trailer without a colon", crc, 5, "5\r\nhello\r\n0\r\nno-colon-here\r\n\r\n", kIncomplete, "hello", ""},

      {"announced, and does not come", crc, 5, "5\r\nhello\r\n0\r\n\r\n", kMalformedTrailer, "hello", ""},
      {"comes, and was not announced", "", 5, "5\r\nhello\r\n0\r\n" + line + "\r\n\r\n", kMalformedTrailer, "hello",
       ""},
      {"another than was announced", "x-amz-checksum-sha256", 5, "5\r\nhello\r\n0\r\n" + line + "\r\n\r\n",
       kMalformedTrailer, "hello", ""},
      {"twice", crc, 5, "5\r\nhello\r\n0\r\n" + line + "\r\n" + line + "\r\n\r\n", kMalformedTrailer, "hello", ""},
      {"signed, though nothing is", crc, 5, "5\r\nhello\r\n0\r\n" + line + "\r\nx-amz-trailer-signature:00\r\n\r\n",
       kMalformedTrailer, "hello", ""},
      {"a trailer without end", crc, 5, "5\r\nhello\r\n0\r\n" + crc + ":" + std::string(5000, 'A'), kMalformedTrailer,
       "hello", ""},

      {"a trailer that S3 does not know", "x-amz-meta-a", 0, "0\r\n\r\n",
       "400 InvalidRequest: The value specified in the x-amz-trailer header is not supported", "", ""},
      {"a checksum that S3 does not know", "x-amz-checksum-md5", 0, "0\r\n\r\n",
       "400 InvalidRequest: The value specified in the x-amz-trailer header is not supported", "", ""},
      {"two trailers", "x-amz-checksum-crc32,x-amz-checksum-sha1", 0, "0\r\n\r\n",
       "400 InvalidRequest: Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.", "",
       ""},
  };
  for (const Plain& c : cases) {
    SCOPED_TRACE(c.story);
    const TestRequest request = head(kUnsignedTrailer, c.length, c.trailer);
    const BodyClaim claim = claim_of(request);
    EXPECT_EQ(claim.chunks, nullptr);
    for (const std::vector<std::size_t>& pieces : {std::vector<std::size_t>{}, {1}, {2}, {3, 1}}) {
      const Decoded d = decode(request.view(), claim, c.body, pieces);
      EXPECT_EQ(d.outcome, c.outcome);
      EXPECT_EQ(d.trailer, c.value);
      const bool expected = c.outcome == ok ? d.data == c.data : std::string_view(c.data).starts_with(d.data);
      EXPECT_TRUE(expected) << d.data;
    }
    for (std::size_t cut = 1; cut < c.body.size(); ++cut) {
      ASSERT_EQ(decode(request.view(), claim, c.body, {cut, c.body.size()}).outcome, c.outcome) << "cut at " << cut;
    }
  }
}

// ---- Signed bodies

TEST_F(ChunksTest, SignedChunksAreVerifiedOneByOne) {
  const std::string first(8192, 'A'), second(9000, 'B'), last = "tail";
  const TestRequest request = head(kSigned, first.size() + second.size() + last.size(), "");
  const BodyClaim claim = claim_of(request);
  ASSERT_NE(claim.chunks, nullptr);
  begin(request);
  const std::string one = chunk(first), two = chunk(second), three = chunk(last), end = chunk("") + "\r\n";
  const std::string body = one + two + three + end;
  std::mt19937 random(5);
  for (int round = 0; round < 100; ++round) {
    const Decoded d = decode(request.view(), claim, body, {random() % 200 + 1, random() % 9000 + 1});
    ASSERT_EQ(d.outcome, "ok");
    ASSERT_TRUE(d.data == first + second + last);
  }
  // One bit anywhere in data or signature.
  for (int round = 0; round < 300; ++round) {
    std::string changed = body;
    changed[random() % changed.size()] ^= static_cast<char>(1 << random() % 8);
    ASSERT_NE(decode(request.view(), claim, changed, {}).outcome, "ok");
  }
  EXPECT_EQ(decode(request.view(), claim, two + one + three + end, {}).outcome, kWrongSignature) << "out of order";
  EXPECT_EQ(decode(request.view(), claim, one + one + three + end, {}).outcome, kWrongSignature) << "one twice";
  // What fails is known with the last byte of the chunk, not with the end of the body.
  std::string changed = body;
  changed[one.size() - 5] = 'X';
  EXPECT_LE(decode(request.view(), claim, changed, {100}).data.size(), first.size());
}

TEST_F(ChunksTest, AWrongChunkIsToldAsAwsTellsIt) {
  const TestRequest request = head(kSigned, 5, "");
  begin(request);
  const std::string seed = previous_, zeros(64, '0');
  const Decoded d = decode(request.view(), claim_of(request), chunk("hello", zeros) + chunk("") + "\r\n", {});
  EXPECT_EQ(d.outcome, kWrongSignature);
  ASSERT_EQ(d.details.size(), 6U);
  EXPECT_EQ(d.details[0], std::pair(std::string("AWSAccessKeyId"), kAliceKey));
  EXPECT_EQ(d.details[1].second, "AWS4-HMAC-SHA256-PAYLOAD\n20260724T101112Z\n20260724/us-east-1/s3/aws4_request\n" +
                                     seed + "\n" + crypto::sha256("").hex() + "\n" + crypto::sha256("hello").hex());
  EXPECT_EQ(d.details[2], std::pair(std::string("SignatureProvided"), zeros));
  EXPECT_THAT(d.details[4].second, testing::StartsWith("PUT\n/bucket/key\n\n"));
}

struct SignedEnd {
  const char* story;
  std::string end;  // behind the data; {end}, {line}, {lf}, {sig} stand for their texts
  std::string outcome;
};

TEST_F(ChunksTest, SignedTrailers) {
  const std::string name = "x-amz-checksum-crc32", value = crc32("hello");
  const SignedEnd cases[] = {
      {"as the SDKs send it", "{end}{line}\r\n{sig}\r\n\r\n", "ok"},
      {"as minio-go sends it", "{end}{line}\n\r\n{sig}\r\n\r\n", "ok"},
      {"an empty line before it", "{end}\r\n{line}\r\n{sig}\r\n\r\n", "ok"},
      {"a wrong signature", "{end}{line}\r\nx-amz-trailer-signature:" + std::string(64, '0') + "\r\n\r\n",
       kWrongSignature},
      {"another value than was signed", "{end}" + name + ":AAAAAA==\r\n{sig}\r\n\r\n", kWrongSignature},
      {"the value left out", "{end}{sig}\r\n\r\n", kWrongSignature},
      {"the value behind the signature", "{end}{sig}\r\n{line}\r\n\r\n", kWrongSignature},
      {"the signature left out", "{end}{line}\r\n\r\n", kMalformedTrailer},
      {"the signature twice", "{end}{line}\r\n{sig}\r\n{sig}\r\n\r\n", kMalformedTrailer},
      {"both left out", "{end}\r\n", kMalformedTrailer},
      {"cut before the end", "{end}{line}\r\n{sig}\r\n", kIncomplete},
      {"a last chunk that is not signed", "0\r\n{line}\r\n{sig}\r\n\r\n", kIncomplete},
      {"a last chunk that is signed wrongly",
       "0;chunk-signature=" + std::string(64, '0') + "\r\n{line}\r\n{sig}\r\n\r\n", kWrongSignature},
  };
  for (const SignedEnd& c : cases) {
    SCOPED_TRACE(c.story);
    const TestRequest request = head(kSignedTrailer, 5, name);
    const BodyClaim claim = claim_of(request);
    begin(request);
    std::string body = chunk("hello") + c.end;
    const std::string end = chunk(""), line = name + ":" + value;
    const std::string sig = "x-amz-trailer-signature:" + trailer_signature(line + "\n");
    for (const auto& [mark, text] : {std::pair(std::string("{end}"), end), {"{line}", line}, {"{sig}", sig}}) {
      for (std::size_t at = body.find(mark); at != std::string::npos; at = body.find(mark)) {
        body.replace(at, mark.size(), text);
      }
    }
    for (std::size_t cut = 1; cut <= body.size(); ++cut) {
      const Decoded d = decode(request.view(), claim, body, {cut, body.size()});
      ASSERT_EQ(d.outcome, c.outcome) << "cut at " << cut;
      ASSERT_EQ(d.data + d.trailer, d.outcome == "ok" ? "hello" + value : d.data);
    }
  }
}

TEST_F(ChunksTest, NoTrailerWhereTheModeHasNone) {
  const TestRequest request = head(kSigned, 5, "");
  begin(request);
  std::string body = chunk("hello");
  body += chunk("") + "x-amz-checksum-crc32:AAAA\r\n\r\n";
  EXPECT_EQ(decode(request.view(), claim_of(request), body, {}).outcome, kIncomplete);
  const TestRequest announcing = head(kSigned, 5, "x-amz-checksum-crc32");
  EXPECT_EQ(decode(announcing.view(), claim_of(announcing), "", {}).outcome, kMalformedTrailer);
}

TEST_F(ChunksTest, OnlyTheLastChunkMayBeSmall) {
  const std::string small = "5\r\nhello\r\n";
  const TestRequest request = head(kUnsignedTrailer, 10, "");
  const Decoded d = decode(request.view(), claim_of(request), small + small + "0\r\n\r\n", {});
  EXPECT_EQ(d.outcome, kTooSmall);
  EXPECT_EQ(d.details, (Error::Details{{"Chunk", "2"}, {"BadChunkSize", "5"}}));

  const TestRequest of_signed = head(kSigned, 8191 + 1, "");
  begin(of_signed);
  std::string body = chunk(std::string(8191, 'a'));
  body += chunk("b");
  body += chunk("") + "\r\n";
  EXPECT_EQ(decode(of_signed.view(), claim_of(of_signed), body, {}).outcome, kTooSmall);
}

// ---- The head

TEST_F(ChunksTest, WhatTheHeadMustSay) {
  TestRequest request = head(kUnsignedTrailer, 5, "");
  request.remove("x-amz-decoded-content-length");
  BodyClaim claim{.payload = Payload::kStreamingUnsignedTrailer, .sha256 = {}, .chunks = nullptr};
  EXPECT_EQ(decode(request.view(), claim, "", {}).outcome,
            "411 MissingContentLength: You must provide the Content-Length HTTP header.");
  for (const char* length : {"", "-1", "5x", "0x5", "18446744073709551616"}) {
    request.set("x-amz-decoded-content-length", length);
    EXPECT_THAT(decode(request.view(), claim, "", {}).outcome, testing::StartsWith("400 InvalidArgument")) << length;
  }
  request.set("x-amz-decoded-content-length", "5");
  request.set("x-amz-trailer", "x-amz-checksum-crc32");
  request.set("x-amz-checksum-sha256", "x");
  EXPECT_EQ(decode(request.view(), claim, "", {}).outcome,
            "400 InvalidRequest: Expecting a single x-amz-checksum- header");
  request.remove("x-amz-checksum-sha256");
  request.set("x-amz-checksum-algorithm", "CRC32");
  EXPECT_EQ(decode(request.view(), claim, "", {}).outcome, kIncomplete) << "that header is no checksum";
  claim.payload = Payload::kUnsigned;
  EXPECT_EQ(decode(request.view(), claim, "", {}).outcome, kMalformedTrailer) << "a trailer without chunks";
  request.remove("x-amz-trailer");
  EXPECT_EQ(decode(request.view(), claim, "", {}).outcome, "not in chunks");
  claim.payload = Payload::kStreamingSigned;
  EXPECT_THAT(decode(request.view(), claim, "", {}).outcome, testing::StartsWith("400 InvalidRequest: Anonymous"));
  claim.payload = Payload::kStreamingEcdsaSigned;
  EXPECT_THAT(decode(request.view(), claim, "", {}).outcome, testing::StartsWith("501 NotImplemented"));
}

struct Claimed {
  std::string payload;
  Payload expected;
  bool has_hash, has_keys;
};

TEST_F(ChunksTest, TheHeadSaysWhatIsLeftToCheck) {
  const std::string hash = crypto::sha256("some body").hex();
  const Claimed cases[] = {
      {hash, Payload::kSha256, true, false},
      {"UNSIGNED-PAYLOAD", Payload::kUnsigned, false, false},
      {std::string(kUnsignedTrailer), Payload::kStreamingUnsignedTrailer, false, false},
      {std::string(kSigned), Payload::kStreamingSigned, false, true},
      {std::string(kSignedTrailer), Payload::kStreamingSignedTrailer, false, true},
  };
  for (const Claimed& c : cases) {
    const TestRequest request = head(c.payload, 9, "");  // its body is empty: nobody looks at it
    const BodyClaim claim = claim_of(request);
    EXPECT_EQ(claim.payload, c.expected) << c.payload;
    EXPECT_EQ(claim.sha256, c.has_hash ? hash : "") << c.payload;
    EXPECT_EQ(claim.chunks != nullptr, c.has_keys) << c.payload;
    EXPECT_TRUE(check_content_hash(claim, hash).ok()) << c.payload;
    EXPECT_EQ(check_content_hash(claim, crypto::sha256("").hex()).ok(), !c.has_hash) << c.payload;
  }
}

TEST_F(ChunksTest, APresignedRequestHasNoChunks) {
  TestRequest request;
  request.method = "PUT";
  request.target = "/bucket/key";
  request.set("Host", "s3.us-east-1.amazonaws.com");
  request.set("x-amz-content-sha256", std::string(kSigned));
  Signer signer = Signer::s3();
  signer.signed_headers = "host;x-amz-content-sha256";
  signer.presign(request, "60", kSigned);
  const BodyClaim claim = claim_of(request);
  EXPECT_EQ(decode(request.view(), claim, "", {}).outcome, "not in chunks");
  const auto checked = check_content_hash(claim, crypto::sha256("anything").hex());
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().code(), "XAmzContentSHA256Mismatch");
}

TEST_F(ChunksTest, StrangersMaySendChunksThatNobodySigned) {
  TestRequest request;
  request.set("x-amz-content-sha256", std::string(kUnsignedTrailer));
  EXPECT_EQ(claim_of(request).payload, Payload::kStreamingUnsignedTrailer);
  request.set("x-amz-content-sha256", crypto::sha256("x").hex());
  EXPECT_EQ(claim_of(request).sha256, crypto::sha256("x").hex());
  request.remove("x-amz-content-sha256");
  EXPECT_EQ(claim_of(request).payload, Payload::kUnsigned);
  request.set("x-amz-content-sha256", "STREAMING-X");
  BodyClaim claim;
  const auto caller = identifier_.identify(request.view(), kS3, *world_.snapshot, now_, &claim);
  ASSERT_FALSE(caller.ok());
  EXPECT_EQ(caller.error().code(), "InvalidArgument");
}

}  // namespace
}  // namespace deputy::authn
