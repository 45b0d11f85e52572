#include "tagvisor/error.h"

#include "names.h"

namespace tagvisor {

namespace {

class ErrnoCategory : public std::error_category {
 public:
  const char* name() const noexcept override { return "tagvisor"; }

  std::string message(int number) const override {
    const std::string_view known = names::error(static_cast<std::uint32_t>(number));
    return known.empty() ? "errno " + std::to_string(number) : std::string(known);
  }

  /// The numbers of std::errc are the host's.
  std::error_condition default_error_condition(int number) const noexcept override {
    static constexpr struct {
      int number;
      std::errc condition;
    } kConditions[] = {
        {LINUX_EPERM, std::errc::operation_not_permitted},
        {LINUX_ENOENT, std::errc::no_such_file_or_directory},
        {LINUX_ESRCH, std::errc::no_such_process},
        {LINUX_EINTR, std::errc::interrupted},
        {LINUX_EIO, std::errc::io_error},
        {LINUX_ENXIO, std::errc::no_such_device_or_address},
        {LINUX_E2BIG, std::errc::argument_list_too_long},
        {LINUX_ENOEXEC, std::errc::executable_format_error},
        {LINUX_EBADF, std::errc::bad_file_descriptor},
        {LINUX_ECHILD, std::errc::no_child_process},
        {LINUX_EAGAIN, std::errc::resource_unavailable_try_again},
        {LINUX_ENOMEM, std::errc::not_enough_memory},
        {LINUX_EACCES, std::errc::permission_denied},
        {LINUX_EFAULT, std::errc::bad_address},
        {LINUX_EBUSY, std::errc::device_or_resource_busy},
        {LINUX_EEXIST, std::errc::file_exists},
        {LINUX_EXDEV, std::errc::cross_device_link},
        {LINUX_ENODEV, std::errc::no_such_device},
        {LINUX_ENOTDIR, std::errc::not_a_directory},
        {LINUX_EISDIR, std::errc::is_a_directory},
        {LINUX_EINVAL, std::errc::invalid_argument},
        {LINUX_ENFILE, std::errc::too_many_files_open_in_system},
        {LINUX_EMFILE, std::errc::too_many_files_open},
        {LINUX_ENOTTY, std::errc::inappropriate_io_control_operation},
        {LINUX_EFBIG, std::errc::file_too_large},
        {LINUX_ENOSPC, std::errc::no_space_on_device},
        {LINUX_ESPIPE, std::errc::invalid_seek},
        {LINUX_EROFS, std::errc::read_only_file_system},
        {LINUX_EPIPE, std::errc::broken_pipe},
        {LINUX_ERANGE, std::errc::result_out_of_range},
        {LINUX_ENOSYS, std::errc::function_not_supported},
        {LINUX_EOVERFLOW, std::errc::value_too_large},
        {LINUX_EOPNOTSUPP, std::errc::operation_not_supported},
    };
    for (const auto& row : kConditions) {
      if (row.number == number) return std::make_error_condition(row.condition);
    }
    return {number, *this};
  }
};

}  // namespace

const std::error_category& errno_category() noexcept {
  static const ErrnoCategory category;
  return category;
}

KvmError::KvmError(std::string call, int number, std::string rule, std::optional<std::uint64_t> completed)
    : std::system_error(number, errno_category()),
      call_(std::move(call)),
      rule_(std::move(rule)),
      completed_(completed),
      text_(call_ + ": " + name() + (rule_.empty() ? "" : " (" + rule_ + ")")) {}

RpcError::RpcError(std::string_view method, const grpc::Status& status)
    : std::runtime_error(std::string(method) + ": " + status.error_message()), code_(status.error_code()) {}

}  // namespace tagvisor
