#include "infra/net/certificate.h"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <ctime>

#include "infra/config/data_folder.h"
#include "infra/net/openssl_ptr.h"

namespace hongyan::net {
namespace {

std::unexpected<Error> broken(const char* step) {
  return fail(ErrorCode::internal, fmt::format("self-signed certificate: {} failed", step));
}

Result<std::string> read_pem(const std::filesystem::path& path) {
  auto text = config::read_file(path);
  if (text) return text;
  const bool absent = text.error().code == ErrorCode::not_found;
  return fail(ErrorCode::invalid_argument,
              absent ? fmt::format("{}: no such file", path.string()) : text.error().detail);
}

bool add_extension(X509* certificate, X509V3_CTX& context, int kind, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, OpenSslDeleter<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// "DNS:localhost,IP:127.0.0.1".
std::string alternative_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(name, not_an_address);
    if (!text.empty()) text.push_back(',');
    text += (not_an_address ? "DNS:" : "IP:") + name;
  }
  return text;
}

bool set_serial(X509* certificate) {
  std::array<unsigned char, 16> random{};
  if (RAND_bytes(random.data(), random.size()) != 1) return false;
  random[0] &= 0x7f;  // positive
  const std::unique_ptr<BIGNUM, OpenSslDeleter<BN_free>> number(BN_bin2bn(random.data(), random.size(), nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool describe(X509* certificate, const std::vector<std::string>& names, TimeMs now, std::chrono::hours lifetime) {
  constexpr std::int64_t kClockSkewS = 3600;
  const std::int64_t now_s = now.value / 1000;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_TIME_set(X509_getm_notBefore(certificate), now_s - kClockSkewS);
  ASN1_TIME_set(X509_getm_notAfter(certificate), now_s + std::chrono::seconds(lifetime).count());
  X509_NAME* subject = X509_get_subject_name(certificate);
  const auto* name = reinterpret_cast<const unsigned char*>("Hongyan, self-signed");
  if (X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0) != 1) return false;
  if (X509_set_issuer_name(certificate, subject) != 1) return false;
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  return add_extension(certificate, context, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, context, NID_key_usage, "critical,digitalSignature") &&
         add_extension(certificate, context, NID_ext_key_usage, "serverAuth") &&
         add_extension(certificate, context, NID_subject_alt_name, alternative_names(names));
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string name_of(const GENERAL_NAME& name) {
  if (name.type == GEN_DNS) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(name.d.dNSName)),
            static_cast<std::size_t>(ASN1_STRING_length(name.d.dNSName))};
  }
  if (name.type != GEN_IPADD) return {};
  const std::span bytes(ASN1_STRING_get0_data(name.d.iPAddress),
                        static_cast<std::size_t>(ASN1_STRING_length(name.d.iPAddress)));
  if (bytes.size() == 4) return fmt::format("{}", fmt::join(bytes, "."));
  if (bytes.size() != 16) return {};
  boost::asio::ip::address_v6::bytes_type v6{};
  std::ranges::copy(bytes, v6.begin());
  return boost::asio::ip::address_v6(v6).to_string();
}

}  // namespace

Result<TlsPair> TlsPair::read(const TlsFiles& files) {
  TlsPair pair;
  HY_TRY(pair.certificate, read_pem(files.certificate));
  HY_TRY(pair.key, read_pem(files.key));
  return pair;
}

Result<CertificateInfo> inspect_certificate(const std::string& pem) {
  const X509Ptr certificate(PEM_read_bio_X509(bio_over(pem).get(), nullptr, no_passphrase, nullptr));
  if (!certificate) return fail(ErrorCode::invalid_argument, "no certificate in PEM form");
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1) {
    return fail(ErrorCode::invalid_argument, "a certificate without end");
  }
  CertificateInfo info{.not_after = TimeMs(static_cast<std::int64_t>(::timegm(&end)) * 1000), .names = {}};
  const std::unique_ptr<GENERAL_NAMES, OpenSslDeleter<GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    info.names.push_back(name_of(*sk_GENERAL_NAME_value(names.get(), i)));
  }
  return info;
}

Result<TlsPair> make_self_signed(const std::vector<std::string>& names, TimeMs now, std::chrono::hours lifetime) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  if (!key) return broken("making a key");
  const X509Ptr certificate(X509_new());
  if (!certificate || !set_serial(certificate.get()) || !describe(certificate.get(), names, now, lifetime)) {
    return broken("filling in");
  }
  if (X509_set_pubkey(certificate.get(), key.get()) != 1 ||
      X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) {
    return broken("signing");
  }
  const BioPtr certificate_text(BIO_new(BIO_s_mem()));
  const BioPtr key_text(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1 ||
      PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return broken("writing");
  }
  return TlsPair{.certificate = text_of(certificate_text.get()), .key = text_of(key_text.get())};
}

}  // namespace hongyan::net
