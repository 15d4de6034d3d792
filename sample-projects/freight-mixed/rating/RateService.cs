using System.IO;
using System.Net;

namespace Freight.Rating
{
    public class RateService
    {
        public void Store(string name, string body)
        {
            Directory.CreateDirectory(@"D:\freight\rates");
            File.WriteAllText(Path.Combine(@"D:\freight\rates", name), body);
            using (var audit = new StreamWriter(@"D:\freight\logs\rating.log", true))
            {
                audit.WriteLine(name);
            }
        }

        public string Fuel()
        {
            return new WebClient().DownloadString("http://fuel.freight.local/index");
        }
    }
}
